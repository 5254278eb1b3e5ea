// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws of the house: which package may see which, and what core, layers and optim may use of the JDK. */
@Tag("sources")
@Tag("once")
class ArchitectureTest {
    private static final String OURS = "io.github.masktape..";
    private static final String TENSOR = "io.github.masktape.tensor..";
    private static final String AUTOGRAD = "io.github.masktape.autograd..";
    private static final String IO = "io.github.masktape.io..";
    private static final String PICTURE = "io.github.masktape.picture..";
    private static final String INTERNAL = "io.github.masktape.internal..";
    private static final String MATH = "io.github.masktape.math..";
    private static final String TEXT = "io.github.masktape.text..";
    private static final String FILE = "io.github.masktape.file..";
    private static final String LAYERS = "io.github.masktape.layers..";
    private static final String OPTIM = "io.github.masktape.optim..";
    private static final String DATA = "io.github.masktape.data..";
    private static final String LOSS = "io.github.masktape.loss..";
    private static final String VECTOR_API = "jdk.incubator.vector..";

    private static final DescribedPredicate<JavaClass> PLATFORM = internal("Platform");
    private static final DescribedPredicate<JavaClass> VECTOR_KERNELS =
            describe("Vector…", type -> type.getName().startsWith("io.github.masktape.internal.Vector"));
    private static final DescribedPredicate<JavaClass> PLATFORM_OR_FILES = PLATFORM.or(resideInAnyPackage(IO, FILE));

    /** Methods that return other data or another network, not other settings. */
    private static final Set<String> OTHER_DATA = Set.of("select", "to", "copy");

    /** The main classes of core, layers and optim: what is ours on the class path and not a program. */
    private static final JavaClasses LIBRARIES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/docs/target/"))
            .withImportOption(location -> !location.contains("/masktape/cli/"))
            .withImportOption(location -> !location.contains("/masktape/report/"))
            .withImportOption(location -> !location.contains("/masktape/conformance/"))
            .withImportOption(location -> !location.contains("/masktape/explorer/"))
            .importPackages("io.github.masktape");

    /** All main classes of ours on the class path, the command and the pages' too. */
    private static final JavaClasses PROGRAMS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.masktape");

    // Names.

    /** Of what is set up: {@code with…} returns another object, so a method that returns its own type begins so. */
    @Test
    void settingsAreValues() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(LAYERS, OPTIM, LOSS, DATA)
                .and()
                .arePublic()
                .and()
                .areNotStatic()
                .and(describe(
                        "return their own type",
                        method -> method.getRawReturnType().equals(method.getOwner())))
                .and(describe("set something up", method -> !OTHER_DATA.contains(method.getName())))
                .should()
                .haveNameStartingWith("with")
                .check(LIBRARIES);
    }

    // Arrows: each points at what it needs.

    @Test
    void tensorsKnowNothingOfWhatIsBuiltOnThem() {
        noClassesIn(TENSOR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(AUTOGRAD, IO, FILE, PICTURE, LAYERS, OPTIM, LOSS, DATA)
                .check(LIBRARIES);
    }

    @Test
    void autogradKnowsNothingOfLayersOptimizersAndData() {
        noClassesIn(AUTOGRAD)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(IO, FILE, PICTURE, LAYERS, OPTIM, LOSS, DATA)
                .check(LIBRARIES);
    }

    @Test
    void theLibrariesWorkWithoutPictures() {
        noClassesBut(resideInAPackage(PICTURE))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(PICTURE)
                .check(LIBRARIES);
    }

    @Test
    void picturesShowWhatAnyReaderCanSee() {
        noClassesIn(PICTURE)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(OURS).and(not(resideInAnyPackage(PICTURE, AUTOGRAD, TENSOR, TEXT))))
                .check(LIBRARIES);
    }

    @Test
    void kernelsKnowNoneOfOurTypes() {
        noClassesIn(INTERNAL)
                .should()
                .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAnyPackage(INTERNAL, MATH))))
                .check(LIBRARIES);
    }

    @Test
    void mathAndTextNeedNothingOfOurs() {
        for (String itself : List.of(MATH, TEXT)) {
            noClassesIn(itself)
                    .should()
                    .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAPackage(itself))))
                    .check(LIBRARIES);
        }
    }

    @Test
    void howFilesAreWrittenIsKnownApartFromTensors() {
        noClassesIn(FILE)
                .should()
                .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAnyPackage(FILE, TEXT))))
                .check(LIBRARIES);
    }

    /** The packages of core for everybody; the other modules of ours may see more. */
    @Test
    void usersOfCoreSeeFourPackages() throws URISyntaxException {
        ModuleDescriptor core = ModuleFinder.of(Path.of(Tensor.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()))
                .find("io.github.masktape.core")
                .orElseThrow()
                .descriptor();
        assertThat(core.exports())
                .filteredOn(export -> !export.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder(
                        "io.github.masktape.tensor",
                        "io.github.masktape.autograd",
                        "io.github.masktape.io",
                        "io.github.masktape.picture");
        assertThat(core.exports())
                .filteredOn(ModuleDescriptor.Exports::isQualified)
                .flatExtracting(ModuleDescriptor.Exports::targets)
                .isSubsetOf("io.github.masktape.layers", "io.github.masktape.optim");
    }

    @Test
    void onlyTensorsCallKernels() {
        noClassesBut(resideInAnyPackage(TENSOR, INTERNAL))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL)
                .check(LIBRARIES);
    }

    @Test
    void layersDoNotSeeOptimizersAndData() {
        noClassesIn(LAYERS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OPTIM, LOSS, DATA)
                .check(LIBRARIES);
    }

    @Test
    void optimizersAndDataDoNotSeeLayers() {
        noClassesIn(OPTIM, LOSS, DATA)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LAYERS)
                .check(LIBRARIES);
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().matching("io.github.masktape.(*)..").should().beFreeOfCycles().check(LIBRARIES);
    }

    @Test
    void theLibrariesNeedOnlyJavaItself() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", OURS, VECTOR_API)
                .check(LIBRARIES);
    }

    @Test
    void onlyVectorKernelsUseTheVectorApi() {
        noClassesBut(VECTOR_KERNELS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(VECTOR_API)
                .check(LIBRARIES);
    }

    // Numbers: same seed, same bits.

    @Test
    void elementaryFunctionsAreOurOwn() {
        noClasses()
                .should()
                .accessTargetWhere(member(
                        type(Math.class),
                        "exp|expm1|log|log10|log1p|pow|cbrt|hypot|a?(sin|cos|tan)|(sin|cos|tan)h|atan2"))
                .because("the last bit of Math's is not the same on every JDK")
                .check(LIBRARIES);
    }

    @Test
    void nothingOfStrictMathIsUsedButTheSquareRoot() {
        noClasses()
                .should()
                .accessTargetWhere(member(type(StrictMath.class), "(?!sqrt$).*"))
                .because("in a browser its functions are the browser's")
                .check(LIBRARIES);
    }

    @Test
    void onlyPlatformAndVectorKernelsFuseMultiplyAndAdd() {
        noClassesBut(PLATFORM.or(VECTOR_KERNELS))
                .should()
                .accessTargetWhere(member(type(Math.class), "fma"))
                .because("where the hardware cannot, the JDK's stand-in is some hundred times slower than ours")
                .check(LIBRARIES);
    }

    @Test
    void randomNumbersAreOurOwn() {
        noClasses()
                .should()
                .dependOnClassesThat(assignableTo(RandomGenerator.class).or(resideInAPackage("java.security..")))
                .orShould()
                .accessTargetWhere(member(type(Math.class), "random")
                        .or(member(type(UUID.class), "randomUUID"))
                        .or(member(type(Collections.class), "shuffle")))
                .because("a seed means the same bits for good")
                .check(LIBRARIES);
    }

    // Runs everywhere Java goes: what a browser lacks is Platform's, io's or file's.

    @Test
    void onlyPlatformIoAndFileLookUpModulesMethodsAndFiles() {
        noClassesBut(PLATFORM_OR_FILES)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio..", "java.lang.invoke..", "java.lang.reflect..")
                        .or(type(Module.class))
                        .or(type(ModuleLayer.class)))
                .orShould()
                .accessTargetWhere(member(
                        type(Class.class),
                        "forName|newInstance|getModule|getRecordComponents"
                                + "|get(Declared|Enclosing)?(Method|Field|Constructor)s?"))
                .check(LIBRARIES);
    }

    @Test
    void onlyPlatformStartsThreads() {
        noClassesBut(PLATFORM)
                .should()
                .dependOnClassesThat(assignableTo(Executor.class)
                        .or(type(Executors.class))
                        .or(assignableTo(CompletionService.class))
                        .or(assignableTo(CompletionStage.class))
                        .or(assignableTo(ForkJoinTask.class))
                        .or(assignableTo(Timer.class)))
                .orShould()
                .accessTargetWhere(member(assignableTo(Thread.class), "<init>|start|startVirtualThread|of.*")
                        .or(member(resideInAPackage("java.util.."), "parallel.*")))
                .check(LIBRARIES);
    }

    @Test
    void onlyPlatformAndFileReadClocks() {
        noClassesBut(PLATFORM.or(resideInAPackage(FILE)))
                .should()
                .accessTargetWhere(member(type(System.class), "currentTimeMillis|nanoTime")
                        .or(member(resideInAPackage("java.time.."), "now|system.*")))
                .check(LIBRARIES);
    }

    // A library is a quiet guest.

    @Test
    void theLibrariesNeverPrint() {
        noClasses()
                .should()
                .accessTargetWhere(member(type(System.class), "out|err|in|console|setOut|setErr|setIn|exit|getLogger")
                        .or(member(assignableTo(Throwable.class), "printStackTrace")))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(LIBRARIES);
    }

    @Test
    void theLibrariesNeverUseTheNetwork() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net..")
                .orShould()
                .dependOnClassesThat(assignableTo(NetworkChannel.class).or(assignableTo(Selector.class)))
                .check(LIBRARIES);
    }

    @Test
    void theLibrariesNeverStartProcesses() {
        noClasses()
                .should()
                .dependOnClassesThat(assignableTo(ProcessBuilder.class))
                .orShould()
                .accessTargetWhere(member(type(Runtime.class), "exec"))
                .check(LIBRARIES);
    }

    @Test
    void nothingIsSerializedByJava() {
        noClasses()
                .should()
                .dependOnClassesThat(assignableTo(ObjectInput.class).or(assignableTo(ObjectOutput.class)))
                .check(PROGRAMS);
    }

    @Test
    void onlyExceptionsAndEnumsAreSerializable() {
        noClassesBut(assignableTo(Throwable.class).or(assignableTo(Enum.class)))
                .should()
                .beAssignableTo(Serializable.class)
                .check(LIBRARIES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(LIBRARIES.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .filteredOn(ours -> !ours.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
    }

    // The tree.

    /** Of what is under version control: a reader may keep files of his own beside it. */
    @Test
    void theTopLevelIsThePomTheReadmeTheLicenseAndFiveFolders() throws IOException {
        assumeTrue(Files.exists(root().resolve(".git")), "not a working tree of git");
        Process git = new ProcessBuilder("git", "ls-tree", "--name-only", "HEAD")
                .directory(root().toFile())
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(names.lines())
                .filteredOn(name -> !name.startsWith("."))
                .containsExactlyInAnyOrder(
                        "pom.xml", "README.md", "LICENSE", "core", "layers", "optim", "bench", "docs");
    }

    private static GivenClassesConjunction noClassesIn(String... packages) {
        return noClasses().that().resideInAnyPackage(packages);
    }

    private static GivenClassesConjunction noClassesBut(DescribedPredicate<? super JavaClass> exempt) {
        return noClasses().that(not(exempt));
    }

    /** The class of that name among the kernels, or one nested in it. */
    private static DescribedPredicate<JavaClass> internal(String simpleName) {
        String name = "io.github.masktape.internal." + simpleName;
        return describe(
                simpleName,
                type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }

    /** A read, a call or a method reference of a member, also when it is inherited, whose whole name matches. */
    private static DescribedPredicate<JavaAccess<?>> member(
            DescribedPredicate<? super JavaClass> owner, String nameRegex) {
        return describe(
                owner.getDescription() + " ." + nameRegex,
                access ->
                        owner.test(access.getTargetOwner()) && access.getName().matches(nameRegex));
    }

    /** The folder of the whole project, from wherever in it the tests are started. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("core/pom.xml"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
