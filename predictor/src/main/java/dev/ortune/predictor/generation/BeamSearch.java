package dev.ortune.predictor.generation;

import dev.ortune.predictor.Beams;
import dev.ortune.predictor.Beams.EarlyStopping;
import dev.ortune.predictor.GenerationParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The likeliest ways to go on with one text, by the rules of transformers' generate, and in single precision as there: of each step
 * the best continuations of all beams, of which those that end are set aside by their mean, and the others are the next step's.
 */
final class BeamSearch {
    private static final float NONE = -1e9f;

    /** What a text was gone on with so far. */
    private record Beam(long[] tokens, double[] logprobs) {
        Beam with(long token, double logprob) {
            long[] all = Arrays.copyOf(tokens, tokens.length + 1);
            double[] each = Arrays.copyOf(logprobs, all.length);
            all[tokens.length] = token;
            each[tokens.length] = logprob;
            return new Beam(all, each);
        }
    }

    /** One of the best continuations of a step. */
    private record Candidate(int row, Beam beam, float score, boolean hits) {}

    /** One that has ended, or stands for none. */
    private record Ended(Beam beam, float score, boolean finished) {}

    private final Beams beams;
    private final double penalty;
    private final BitSet before;
    private final Set<Long> ends;
    private final Predicate<long[]> stops;
    private final int most;
    private List<Candidate> running = new ArrayList<>();
    private List<Ended> ended = new ArrayList<>();
    private boolean improvable = true;

    /**
     * Of one text.
     *
     * @param before tokens that count as the text's
     * @param ends tokens that end it
     * @param stops whether tokens that were added hold a string with which it ends
     * @param most the most tokens that are added
     */
    BeamSearch(GenerationParameters parameters, BitSet before, Set<Long> ends, Predicate<long[]> stops, int most) {
        this.beams = parameters.beams();
        this.penalty = parameters.repetitionPenalty();
        this.before = before;
        this.ends = ends;
        this.stops = stops;
        this.most = most;
        Beam nothing = new Beam(new long[0], new double[0]);
        for (int i = 0; i < beams.count(); i++) {
            // All begin as the first one: the others must not be chosen beside it.
            running.add(new Candidate(0, nothing, i == 0 ? 0 : NONE, false));
            ended.add(new Ended(nothing, NONE, false));
        }
    }

    /** Of each beam the row that it goes on with. */
    int[] rows() {
        return running.stream().mapToInt(Candidate::row).toArray();
    }

    /** And the token that it adds to it. */
    long[] tokens() {
        return running.stream()
                .mapToLong(each -> each.beam().tokens()[each.beam().tokens().length - 1])
                .toArray();
    }

    /** The tokens of the best text. */
    long[] best() {
        return ended.get(0).beam().tokens().clone();
    }

    /** The logarithm of the probability of each of them. */
    double[] logprobs() {
        return ended.get(0).beam().logprobs().clone();
    }

    /**
     * Takes a step.
     *
     * @param logits of what comes next, {@code [rows][vocab]}, which are changed: one row at first, then one a beam
     * @return whether there is more to do
     */
    boolean step(float[][] logits) {
        List<Candidate> best = candidates(logits);
        int length = best.get(0).beam().tokens().length;
        running = best.stream()
                .map(each ->
                        new Candidate(each.row(), each.beam(), each.score() + (each.hits() ? NONE : 0), each.hits()))
                .sorted(Comparator.comparing(Candidate::score).reversed())
                .limit(beams.count())
                .toList();
        end(best, length);
        improvable &= mayImprove(length);
        boolean full = allEnded() && beams.earlyStopping() == EarlyStopping.TRUE;
        return improvable && !full && !best.stream().allMatch(Candidate::hits);
    }

    /** As many that beams are left when, of each, every token that ends a text is among them. */
    private List<Candidate> candidates(float[][] logits) {
        int keep = Math.max(2, 1 + ends.size()) * beams.count();
        double[][] logprobs = new double[running.size()][];
        int vocab = logits[0].length;
        float[] scores = new float[keep];
        int[] places = new int[keep];
        int count = 0;
        for (int row = 0; row < running.size(); row++) {
            Candidate beam = running.get(row);
            float[] of = logits[Math.min(row, logits.length - 1)];
            logprobs[row] = row < logits.length ? processed(of, beam.beam().tokens()) : logprobs[0];
            for (int token = 0; token < vocab; token++) {
                float score = (float) logprobs[row][token] + beam.score();
                if (count < keep || score > scores[count - 1]) {
                    int place = count < keep ? count++ : count - 1;
                    while (place > 0 && score > scores[place - 1]) {
                        scores[place] = scores[place - 1];
                        places[place] = places[place - 1];
                        place--;
                    }
                    scores[place] = score;
                    places[place] = row * vocab + token;
                }
            }
        }
        List<Candidate> best = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int row = places[i] / vocab;
            int token = places[i] % vocab;
            Beam beam = running.get(row).beam().with(token, logprobs[row][token]);
            boolean hits = ends.contains((long) token) || beam.tokens().length >= most || stops.test(beam.tokens());
            best.add(new Candidate(Math.min(row, logits.length - 1), beam, scores[i], hits));
        }
        return best;
    }

    /** The logarithms of probabilities, those of tokens that are there made less likely. */
    private double[] processed(float[] logits, long[] tokens) {
        double logSum = TokenChooser.logSum(logits);
        double[] logprobs = new double[logits.length];
        for (int token = 0; token < logits.length; token++) {
            logprobs[token] = (float) (logits[token] - logSum);
        }
        if (penalty != 1) {
            BitSet seen = (BitSet) before.clone();
            for (long token : tokens) {
                seen.set((int) token);
            }
            // No logarithm of a probability is above 0.
            seen.stream().filter(token -> token < logprobs.length).forEach(token -> logprobs[token] *= penalty);
        }
        return logprobs;
    }

    /** Sets those aside that end, if they are better than others that have. */
    private void end(List<Candidate> best, int length) {
        float divisor = (float) Math.pow(length, beams.lengthPenalty());
        float closed = (allEnded() && beams.earlyStopping() == EarlyStopping.TRUE ? NONE : 0) + (improvable ? 0 : NONE);
        List<Ended> all = new ArrayList<>(ended);
        for (int i = 0; i < best.size(); i++) {
            Candidate each = best.get(i);
            // The others are there for beams to be left.
            boolean ends = each.hits() && i < beams.count();
            all.add(new Ended(each.beam(), each.score() / divisor + closed + (ends ? 0 : NONE), ends));
        }
        ended = all.stream()
                .sorted(Comparator.comparing(Ended::score).reversed())
                .limit(beams.count())
                .toList();
    }

    private boolean allEnded() {
        return ended.stream().allMatch(Ended::finished);
    }

    /** Whether the best beam may still become better than one that has ended. */
    private boolean mayImprove(int length) {
        boolean never = beams.earlyStopping() == EarlyStopping.NEVER && beams.lengthPenalty() > 0;
        float possible = running.get(0).score() / (float) Math.pow(never ? most : length, beams.lengthPenalty());
        float worst = ended.get(ended.size() - 1).score();
        return ended.stream().anyMatch(each -> possible > (each.finished() ? worst : NONE));
    }
}
