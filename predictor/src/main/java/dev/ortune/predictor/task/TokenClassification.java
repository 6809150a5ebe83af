package dev.ortune.predictor.task;

import dev.ortune.predictor.Entity;
import dev.ortune.predictor.TokenEntities;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.Token;
import dev.ortune.predictor.text.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A label for each token, and entities made of them as transformers' {@code TokenClassificationPipeline} makes them.
 *
 * @param labels their names; B- and I- before a name tell where an entity begins and where it goes on
 */
public record TokenClassification(List<String> labels) implements Task {
    /** As Hugging Face's API does it where a request says nothing. */
    public static final AggregationStrategy STRATEGY = AggregationStrategy.SIMPLE;

    /** The labels that are left out where a request says nothing. */
    public static final Set<String> IGNORED = Set.of("O");

    @Override
    public String pipelineTag() {
        return "token-classification";
    }

    @Override
    public OutputShape output() {
        return OutputShape.TOKEN;
    }

    @Override
    public boolean namesTokens() {
        return true;
    }

    @Override
    public TokenEntities answer(Prediction prediction) {
        return answer(prediction, STRATEGY, IGNORED);
    }

    /**
     * The entities of a text.
     *
     * @param ignored labels, of groups without what stands before the hyphen, to leave out
     */
    public TokenEntities answer(Prediction prediction, AggregationStrategy strategy, Set<String> ignored) {
        Tokens tokens = prediction.text().tokens();
        List<Scored> scored = scored(tokens, prediction.logits());
        List<Entity> entities =
                switch (strategy) {
                    case NONE -> labelled(scored);
                    case SIMPLE -> Groups.of(labelled(scored), tokens);
                    case FIRST, AVERAGE, MAX -> Groups.of(words(scored, tokens, strategy), tokens);
                };
        return new TokenEntities(entities.stream()
                .filter(entity -> !ignored.contains(entity.label()))
                .toList());
    }

    /** The likeliest label of each token, special ones included, {@code [tokens]}; the first of equals. */
    public int[] best(Prediction prediction) {
        int[] best = new int[prediction.tokens()];
        for (int token = 0; token < best.length; token++) {
            best[token] = best(ScoreFunction.softmax(prediction.logits(), token * labels.size(), labels.size()));
        }
        return best;
    }

    /** A token of the text with the probability of each label, {@code [labels]}. */
    private record Scored(int index, Token token, double[] shares) {
        double surest() {
            return shares[best(shares)];
        }
    }

    private List<Scored> scored(Tokens tokens, float[] logits) {
        List<Scored> scored = new ArrayList<>(tokens.list().size());
        for (int i = 0; i < tokens.list().size(); i++) {
            Token token = tokens.list().get(i);
            if (!token.special()) {
                scored.add(new Scored(i, token, ScoreFunction.softmax(logits, i * labels.size(), labels.size())));
            }
        }
        return scored;
    }

    private List<Entity> labelled(List<Scored> scored) {
        List<Entity> entities = new ArrayList<>(scored.size());
        for (Scored one : scored) {
            Token token = one.token;
            String label = labels.get(best(one.shares));
            entities.add(new Entity(label, one.surest(), token.word(), token.start(), token.end(), one.index));
        }
        return entities;
    }

    private List<Entity> words(List<Scored> scored, Tokens tokens, AggregationStrategy strategy) {
        List<Entity> words = new ArrayList<>();
        int start = 0;
        for (int end = 1; end <= scored.size(); end++) {
            if (end == scored.size() || !scored.get(end).token.subword()) {
                words.add(word(scored.subList(start, end), tokens, strategy));
                start = end;
            }
        }
        return words;
    }

    private Entity word(List<Scored> parts, Tokens tokens, AggregationStrategy strategy) {
        double[] shares =
                switch (strategy) {
                    case FIRST -> parts.get(0).shares;
                    case AVERAGE -> average(parts);
                    default -> surest(parts).shares;
                };
        int label = best(shares);
        String word = tokens.join(parts.stream().map(part -> part.token.word()).toList());
        int end = parts.get(parts.size() - 1).token.end();
        return new Entity(
                labels.get(label), shares[label], word, parts.get(0).token.start(), end, Groups.GROUP);
    }

    private double[] average(List<Scored> parts) {
        double[] average = new double[labels.size()];
        for (Scored part : parts) {
            for (int label = 0; label < average.length; label++) {
                average[label] += part.shares[label] / parts.size();
            }
        }
        return average;
    }

    /** The first of equals. */
    private static Scored surest(List<Scored> parts) {
        Scored surest = parts.get(0);
        for (Scored part : parts) {
            surest = part.surest() > surest.surest() ? part : surest;
        }
        return surest;
    }

    private static int best(double[] shares) {
        int best = 0;
        for (int label = 1; label < shares.length; label++) {
            best = shares[label] > shares[best] ? label : best;
        }
        return best;
    }
}
