// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.tensor.RandomStream;

class MasksHavePlaces {
    static boolean keeps(long key, int n, int j, int q, double p) {
        long place = RandomStream.derive(RandomStream.derive(RandomStream.derive(key, n), j), q);
        return new RandomStream(place).nextDouble() >= p;
    }
}
