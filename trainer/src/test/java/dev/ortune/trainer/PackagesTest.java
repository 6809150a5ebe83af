package dev.ortune.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/ARCHITECTURE.md says that each package knows is what its sources import, in each of the modules. */
class PackagesTest {
    private static final Path HOME = Path.of("").toAbsolutePath().getParent();
    /** A row of the tables of packages: its packages, what it does, what it knows. */
    private static final Pattern ROW = Pattern.compile("\\| (`[^|]+`) \\| [^|]+ \\| ([^|]+) \\|");

    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    @ParameterizedTest
    @ValueSource(strings = {"trainer", "exporter", "predictor", "server", "spark"})
    void knowWhatTheDocumentSays(String module) throws IOException {
        Map<String, Set<String>> documented = documented(module);
        Map<String, Set<String>> imported = imported(module);
        assertThat(documented.keySet()).as("packages of the %s", module).isEqualTo(imported.keySet());
        imported.forEach((name, known) -> assertThat(documented.get(name))
                .as("what %s of the %s knows", name, module)
                .isEqualTo(known));
    }

    /** No two packages know each other, be it by way of others. */
    @ParameterizedTest
    @ValueSource(strings = {"trainer", "exporter", "predictor", "server", "spark"})
    void haveAnOrder(String module) throws IOException {
        Map<String, Set<String>> left = imported(module);
        while (!left.isEmpty()) {
            Set<String> lowest = new TreeSet<>();
            left.forEach((name, known) -> {
                if (known.stream().noneMatch(left::containsKey)) {
                    lowest.add(name);
                }
            });
            assertThat(lowest)
                    .as("none of %s is below the others", left.keySet())
                    .isNotEmpty();
            left.keySet().removeAll(lowest);
        }
    }

    /** By row, since a row stands for the packages that it names together. */
    private static Map<String, Set<String>> documented(String module) throws IOException {
        String text = Files.readString(HOME.resolve("docs/ARCHITECTURE.md"));
        int start = text.indexOf("All lie in `dev.ortune." + module + "`.");
        assertThat(start).as("the table of the %s", module).isPositive();
        Map<String, Set<String>> rows = new TreeMap<>();
        text.substring(start)
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> rows.put(first(row.group(1)), names(row.group(2))));
        return rows;
    }

    /** A package and those inside it are one, unless the document has a row for the inner one. */
    private static Map<String, Set<String>> imported(String module) throws IOException {
        Set<String> rows = documented(module).keySet();
        Path root = HOME.resolve(module + "/src/main/java/dev/ortune/" + module);
        Pattern statement =
                Pattern.compile("import (?:static )?dev\\.ortune\\." + module + "\\.((?:[a-z]\\w*\\.)+)[A-Z].*");
        Map<String, Set<String>> packages = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String own = root.relativize(file.getParent())
                        .toString()
                        .replace('/', '.')
                        .replace('\\', '.');
                if (!own.isEmpty()) {
                    Set<String> known = packages.computeIfAbsent(row(own, rows), name -> new TreeSet<>());
                    Files.readString(file)
                            .lines()
                            .map(statement::matcher)
                            .filter(Matcher::matches)
                            .map(matcher -> row(matcher.group(1).replaceFirst("\\.$", ""), rows))
                            .filter(other -> !other.equals(row(own, rows)))
                            .forEach(known::add);
                }
            }
        }
        return packages;
    }

    /** The document's row of a package: its own, or that of the package around it. */
    private static String row(String name, Set<String> rows) {
        String at = name;
        while (!rows.contains(at) && at.contains(".")) {
            at = at.substring(0, at.lastIndexOf('.'));
        }
        return rows.contains(at) ? at : name;
    }

    private static String first(String cell) {
        return names(cell).iterator().next();
    }

    private static Set<String> names(String cell) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(cell);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
