package dev.ortune.exporter.verify;

import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * So many texts of a file, each as likely as any other and the same ones each time: a file may be sorted by label. Vitter's
 * algorithm R, doi:10.1145/3147.3165.
 */
final class Sample {
    private final int size;
    private final Random random = new Random(0);
    private final List<LabelledText> texts = new ArrayList<>();
    private long seen;

    Sample(int size) {
        this.size = size;
    }

    void add(LabelledText text) {
        seen++;
        if (texts.size() < size) {
            texts.add(text);
            return;
        }
        long place = random.nextLong(seen);
        if (place < size) {
            texts.set((int) place, text);
        }
    }

    List<LabelledText> texts() {
        return List.copyOf(texts);
    }
}
