package dev.ortune.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Texts for {@link TinyModel} with more than a class each. */
final class TinyData {
    private static final List<String> WORDS = List.of("cat", "dog", "sleeps", "runs", "well", "not");

    private TinyData() {}

    /** So many sentences, and what is to be written of each: its noun behind its verb. */
    static Path texts(Path file, int count, long seed) throws IOException {
        StringBuilder text = new StringBuilder("document,summary\n");
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            String noun = random.nextBoolean() ? "cat" : "dog";
            String verb = List.of("sleeps", "runs", "run", "sleep").get(random.nextInt(4));
            text.append("the ").append(noun).append(' ').append(verb).append(random.nextBoolean() ? " well" : "");
            text.append(" .,").append(verb).append(" the ").append(noun).append('\n');
        }
        return Files.writeString(file, text);
    }

    /** A finished run's files under another name, to compare it with itself. */
    static Path copy(Path run, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(run)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    /** Pairs whose score, from 0 to 5, is how many of five words are the same. */
    static Path scores(Path file, int count) throws IOException {
        StringBuilder text = new StringBuilder("sentence1\tsentence2\tscore\n");
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();
            int same = 0;
            for (int word = 0; word < 5; word++) {
                String one = WORDS.get(random.nextInt(WORDS.size()));
                String other = random.nextBoolean() ? one : WORDS.get(random.nextInt(WORDS.size()));
                first.add(one);
                second.add(other);
                same += one.equals(other) ? 1 : 0;
            }
            text.append(String.join(" ", first)).append('\t').append(String.join(" ", second));
            text.append('\t').append(same).append(i == 0 ? ".25" : "").append('\n');
        }
        return Files.writeString(file, text);
    }

    /** SWAG's columns with two to four endings, of which that with the first sentence's animal is right. */
    static Path choices(Path file, int count, long seed) throws IOException {
        StringBuilder text = new StringBuilder("video-id,sent1,sent2,ending0,ending1,ending2,ending3,label\n");
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            String animal = WORDS.get(random.nextInt(2));
            String other = animal.equals("cat") ? "dog" : "cat";
            int endings = 2 + random.nextInt(3);
            int right = random.nextInt(endings);
            text.append("v").append(i).append(",the ").append(animal).append(" sleeps well .,the");
            for (int ending = 0; ending < 4; ending++) {
                String said = ending == right ? animal : other;
                text.append(',').append(ending < endings ? said + (random.nextBoolean() ? " runs" : " sleeps") : "");
            }
            text.append(',').append(right).append('\n');
        }
        return Files.writeString(file, text);
    }

    /** JSON lines with the nouns and verbs of a text as its labels: any of four, none, or all. */
    static Path labelSets(Path file, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(6);
        for (int i = 0; i < count; i++) {
            List<String> words = new ArrayList<>(List.of("the"));
            List<String> labels = new ArrayList<>();
            for (String word : WORDS.subList(0, 4)) {
                if (random.nextInt(3) == 0) {
                    words.add(word);
                    labels.add("\"" + word + "\"");
                }
            }
            text.append("{\"text\": \"").append(String.join(" ", words)).append("\", \"labels\": ");
            text.append(labels).append("}\n");
        }
        return Files.writeString(file, text);
    }
}
