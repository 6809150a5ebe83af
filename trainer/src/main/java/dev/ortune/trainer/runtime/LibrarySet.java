package dev.ortune.trainer.runtime;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The native libraries on the class path that together are one ONNX Runtime with training: the runtime and its providers
 * from the preset's artifact, the JNI library from the official one.
 *
 * @param name version and classifier, e.g. {@code 1.28.0-1.5.14-linux-x86_64}
 * @param libraries the files, in order of name
 */
record LibrarySet(String name, List<Library> libraries) {
    private static final String PRESETS = "org/bytedeco/onnxruntime/";
    private static final String OFFICIAL = "ai/onnxruntime/native/";
    private static final String PRESET_PROPERTIES = "META-INF/maven/org.bytedeco/onnxruntime/pom.properties";

    /** The runtime and its providers under each platform's naming, but not the preset's own JNI library. */
    private static final Pattern RUNTIME =
            Pattern.compile("(lib)?onnxruntime(_providers_[a-z]+)?\\.(so(\\.1)?|(1\\.)?dylib|dll)");

    LibrarySet {
        libraries =
                libraries.stream().sorted(Comparator.comparing(Library::name)).toList();
    }

    /** The libraries for a platform; those with CUDA where the build put them on the class path. */
    static LibrarySet onClassPath(Platform platform) throws IOException {
        ClassLoader loader = LibrarySet.class.getClassLoader();
        for (String classifier : List.of(platform.preset() + "-gpu", platform.preset())) {
            URL folder = loader.getResource(PRESETS + classifier + "/");
            if (folder != null) {
                return read(folder, PRESETS + classifier + "/", classifier, jniLibrary(loader, platform));
            }
        }
        throw missing(PRESETS + platform.preset());
    }

    /** What a cache folder's list of contents must say to hold exactly this set. */
    String contents() {
        return libraries.stream().map(Library::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static LibrarySet read(URL folder, String path, String classifier, Library jni) throws IOException {
        JarURLConnection connection = inJar(folder);
        try (JarFile jar = connection.getJarFile()) {
            List<Library> libraries = new ArrayList<>(List.of(jni));
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (entry.getName().equals(path + name) && RUNTIME.matcher(name).matches()) {
                    libraries.add(new Library(name, new URL(folder, name), entry.getSize(), entry.getCrc()));
                }
            }
            return new LibrarySet(version(jar) + "-" + classifier, libraries);
        }
    }

    private static Library jniLibrary(ClassLoader loader, Platform platform) throws IOException {
        String name = System.mapLibraryName(NativeLibraries.JNI_LIBRARY);
        String path = OFFICIAL + platform.official() + "/" + name;
        URL url = loader.getResource(path);
        if (url == null) {
            throw missing(path);
        }
        try (JarFile jar = inJar(url).getJarFile()) {
            JarEntry entry = jar.getJarEntry(path);
            return new Library(name, url, entry.getSize(), entry.getCrc());
        }
    }

    private static JarURLConnection inJar(URL url) throws IOException {
        if (!(url.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException(url + " is not inside a jar");
        }
        connection.setUseCaches(false);
        return connection;
    }

    private static String version(JarFile jar) throws IOException {
        Properties properties = new Properties();
        JarEntry entry = jar.getJarEntry(PRESET_PROPERTIES);
        if (entry == null) {
            throw new IOException(jar.getName() + ": " + PRESET_PROPERTIES + " is missing");
        }
        try (InputStream stream = jar.getInputStream(entry)) {
            properties.load(stream);
        }
        return properties.getProperty("version");
    }

    private static OrtuneException missing(String path) {
        return new OrtuneException("No " + path
                + " on the class path: this build is for another platform; build it again" + " here, or let "
                + NativeLibraries.FOLDER_VARIABLE + " name a folder with ONNX Runtime's libraries");
    }
}
