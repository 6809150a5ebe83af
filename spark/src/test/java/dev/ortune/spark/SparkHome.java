package dev.ortune.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Where Spark's workers look for jars. */
public final class SparkHome {
    /** The compiler that is soon done, for a JVM that lives for seconds. */
    public static final String SOON_COMPILED = "-XX:TieredStopAtLevel=1";

    private SparkHome() {}

    /** What a Spark distribution has: all jars in one folder. */
    public static void fill() throws IOException {
        Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        try (Stream<Path> before = Files.list(jars)) {
            for (Path jar : before.toList()) {
                Files.delete(jar);
            }
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int folders = 0;
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (entry.endsWith("classes")) {
                jar(path, jars.resolve("classes-" + folders++ + ".jar"));
            } else if (entry.endsWith(".jar")) {
                link(jars.resolve(path.getFileName()), path);
            }
        }
    }

    /** A second name, where the file system has such. */
    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException elsewhere) {
            Files.copy(file, link);
        }
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }
}
