package dev.ortune.trainer.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): words begin as characters, and again and again the two neighbours
 * that stand together most often become one token. Of equals those come first that were made first, so that the same texts give
 * the same tokens. With a prefix for what goes on with a word this is how Hugging Face's library learns WordPieces, too.
 */
final class PairMerges {
    private final String prefix;
    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<int[]> merges = new ArrayList<>();
    /** Tokens of each word, of which the first {@link #lengths} count. */
    private final int[][] words;

    private final int[] lengths;
    private final long[] counts;
    private final Map<Long, Long> pairs = new HashMap<>();
    private final Map<Long, Set<Integer>> places = new HashMap<>();

    /**
     * Of what is to be learnt.
     *
     * @param special tokens that come first
     * @param alphabet characters that are tokens whether texts have them or not
     * @param most characters at most, the most frequent ones
     * @param prefix of a token that goes on with a word; empty for none
     */
    record Start(List<String> special, List<String> alphabet, int most, String prefix) {}

    /** @param found how often each word occurs */
    PairMerges(Map<String, Long> found, Start start) {
        this.prefix = start.prefix();
        this.tokens = new ArrayList<>(start.special());
        tokens.forEach(token -> ids.put(token, ids.size()));
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(found.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        Set<Integer> kept = alphabet(sorted, start);
        kept.forEach(point -> token(Character.toString(point)));
        words = new int[sorted.size()][];
        lengths = new int[words.length];
        counts = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = characters(sorted.get(i).getKey(), kept);
            lengths[i] = words[i].length;
            counts[i] = sorted.get(i).getValue();
        }
    }

    /** In the order of their code points. */
    private static Set<Integer> alphabet(List<Map.Entry<String, Long>> found, Start start) {
        Map<Integer, Long> points = new TreeMap<>();
        found.forEach(
                word -> word.getKey().codePoints().forEach(point -> points.merge(point, word.getValue(), Long::sum)));
        Set<Integer> kept = new TreeSet<>();
        start.alphabet().forEach(character -> kept.add(character.codePointAt(0)));
        points.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(Math.max(0, start.most() - kept.size()))
                .forEach(point -> kept.add(point.getKey()));
        return kept;
    }

    private int[] characters(String word, Set<Integer> alphabet) {
        int[] points = word.codePoints().toArray();
        int[] symbols = new int[points.length];
        int length = 0;
        for (int i = 0; i < points.length; i++) {
            if (alphabet.contains(points[i])) {
                symbols[length++] = token((i == 0 ? "" : prefix) + Character.toString(points[i]));
            }
        }
        return Arrays.copyOf(symbols, length);
    }

    private int token(String name) {
        return ids.computeIfAbsent(name, added -> {
            tokens.add(added);
            return tokens.size() - 1;
        });
    }

    private record Candidate(long pair, long count) {
        /** The more frequent first, of equals the one whose tokens were made first. */
        static final Comparator<Candidate> ORDER =
                Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair);
    }

    /**
     * Merges until there are so many tokens, or no pair occurs often enough.
     *
     * @param size tokens, special ones included
     * @param least occurrences of a pair
     */
    void learn(int size, long least) {
        for (int word = 0; word < words.length; word++) {
            for (int i = 1; i < lengths[word]; i++) {
                add(pair(words[word][i - 1], words[word][i]), counts[word], word);
            }
        }
        PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.ORDER);
        pairs.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
        while (tokens.size() < size && !queue.isEmpty()) {
            Candidate best = queue.remove();
            long now = pairs.getOrDefault(best.pair, 0L);
            if (now != best.count) {
                if (now > 0) {
                    queue.add(new Candidate(best.pair, now));
                }
                continue;
            }
            if (now < Math.max(1, least)) {
                return;
            }
            merge(best.pair).forEach(pair -> queue.add(new Candidate(pair, pairs.getOrDefault(pair, 0L))));
        }
    }

    /** Makes one token of a pair everywhere; the pairs that there are now more of. */
    private Set<Long> merge(long pair) {
        int left = (int) (pair >>> Integer.SIZE);
        int right = (int) pair;
        String tail = tokens.get(right);
        int merged = token(tokens.get(left) + (tail.startsWith(prefix) ? tail.substring(prefix.length()) : tail));
        merges.add(new int[] {left, right});
        Set<Long> grown = new HashSet<>();
        for (int word : List.copyOf(places.getOrDefault(pair, Set.of()))) {
            merge(word, left, right, merged, grown);
        }
        pairs.remove(pair);
        places.remove(pair);
        return grown;
    }

    private void merge(int word, int left, int right, int merged, Set<Long> grown) {
        int[] symbols = words[word];
        int length = 0;
        for (int i = 0; i < lengths[word]; i++) {
            boolean both = i + 1 < lengths[word] && symbols[i] == left && symbols[i + 1] == right;
            if (both) {
                if (length > 0) {
                    take(pair(symbols[length - 1], left), counts[word]);
                    grown.add(add(pair(symbols[length - 1], merged), counts[word], word));
                }
                if (i + 2 < lengths[word]) {
                    take(pair(right, symbols[i + 2]), counts[word]);
                    grown.add(add(pair(merged, symbols[i + 2]), counts[word], word));
                }
            }
            symbols[length++] = both ? merged : symbols[i];
            i += both ? 1 : 0;
        }
        lengths[word] = length;
    }

    private long add(long pair, long count, int word) {
        pairs.merge(pair, count, Long::sum);
        places.computeIfAbsent(pair, added -> new HashSet<>()).add(word);
        return pair;
    }

    private void take(long pair, long count) {
        pairs.merge(pair, -count, Long::sum);
    }

    private static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /** The tokens in the order of their ids. */
    List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** The pairs in the order in which they were merged. */
    List<String> merges() {
        return merges.stream()
                .map(merge -> tokens.get(merge[0]) + " " + tokens.get(merge[1]))
                .toList();
    }
}
