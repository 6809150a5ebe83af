package dev.ortune.trainer.corpus;

/**
 * Some of a file's sequences that follow one another.
 *
 * @param name of the texts, for people
 * @param file where they are
 * @param from the first
 * @param to after the last
 */
public record SequenceRange(String name, SequenceFile file, int from, int to) {
    /** All of them. */
    public static SequenceRange of(String name, SequenceFile file) {
        return new SequenceRange(name, file, 0, file.counts().sequences());
    }

    /** How many. */
    public int size() {
        return to - from;
    }

    SequenceFile.Sequence read(int position) {
        return file.read(from + position);
    }
}
