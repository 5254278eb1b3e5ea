// SPDX-License-Identifier: Apache-2.0
class GroupsOfExamples {
    static double variance(int examples, int groupSize, double j) {
        int groups = examples / groupSize;
        return groups * (groupSize * j) * (groupSize * j);
    }
}
