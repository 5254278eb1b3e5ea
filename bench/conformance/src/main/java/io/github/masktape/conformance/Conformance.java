// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import io.github.masktape.conformance.ConformanceReport.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks an implementation of DropConnect against the laws.
 *
 * <pre>{@code
 * ConformanceReport report = Conformance.check(Implementation.named("mine").backprop(c -> myLayer(c)));
 * System.out.println(report);
 * }</pre>
 *
 * <p>Each law is tried in its own settings (sizes, p, numbers), small ones first, the same in every run. At the first
 * setting that breaks the law, the tries end; then smaller settings are tried, and the smallest that breaks it is
 * reported.
 */
public final class Conformance {
    /** The default number of tries of a law. */
    public static final int TRIES = 100;

    private static final List<Law> LAWS = Stream.of(BackpropLaws.ALL, MaskLaws.ALL, LayerLaws.ALL, InferenceLaws.ALL)
            .flatMap(List::stream)
            .toList();

    private Conformance() {}

    /** The names of all laws, in the order of the report. */
    public static List<String> laws() {
        return LAWS.stream().map(Law::name).toList();
    }

    /** The statement of a law, as a formula or in words. */
    public static String formula(String law) {
        return law(law).formula();
    }

    /** The part of an implementation that a law is about: {@code the training pass under given masks}. */
    public static String subject(String law) {
        return law(law).part().title;
    }

    /** Checks all laws, with {@link #TRIES} tries each. */
    public static ConformanceReport check(Implementation implementation) {
        return check(implementation, TRIES);
    }

    /** Checks all laws, with this many tries each. */
    public static ConformanceReport check(Implementation implementation, int tries) {
        List<Result> results = new ArrayList<>();
        for (Law law : LAWS) {
            results.add(check(law, implementation, tries));
        }
        return new ConformanceReport(implementation.name(), tries, List.copyOf(results));
    }

    /** Checks one law, given by its name. */
    public static Result check(String law, Implementation implementation, int tries) {
        return check(law(law), implementation, tries);
    }

    private static Law law(String name) {
        return LAWS.stream()
                .filter(law -> law.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no law is named " + name));
    }

    private static Result check(Law law, Implementation implementation, int tries) {
        if (tries < 1) {
            throw new IllegalArgumentException("tries: expected at least 1, got " + tries);
        }
        String reason = law.notCheckedBecause(implementation);
        if (!reason.isEmpty()) {
            return new Result(law.name(), law.part().title, law.formula(), Verdict.NOT_CHECKED, reason);
        }
        for (int t = 0; t < tries; t++) {
            Setting setting = Setting.at(t).withClaimsOf(implementation);
            String broken = attempt(law, implementation, setting);
            if (broken != null) {
                String message = smallest(law, implementation, setting, broken);
                return new Result(law.name(), law.part().title, law.formula(), Verdict.BROKEN, message);
            }
        }
        return new Result(law.name(), law.part().title, law.formula(), Verdict.HOLDS, "");
    }

    private static String smallest(Law law, Implementation implementation, Setting setting, String broken) {
        for (Setting smaller : setting.smaller()) {
            String message = attempt(law, implementation, smaller.withClaimsOf(implementation));
            if (message != null) {
                return message;
            }
        }
        return broken;
    }

    /** Tries a law in one setting; returns how it was broken, or null. */
    private static @Nullable String attempt(Law law, Implementation implementation, Setting setting) {
        try {
            law.check().run(implementation, setting);
            return null;
        } catch (Law.Broken broken) {
            return broken.getMessage();
        } catch (RuntimeException | AssertionError e) {
            return "it failed (" + setting + "): " + e;
        }
    }
}
