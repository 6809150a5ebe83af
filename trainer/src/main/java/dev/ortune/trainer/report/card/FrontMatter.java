package dev.ortune.trainer.report.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The YAML that a Hugging Face hub reads at the head of a model card; keys that the run says nothing about are left out. */
final class FrontMatter {
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    /** A model of a Hugging Face hub, under its name or its address. */
    private static final Pattern ON_HUB = Pattern.compile("(?:https?://[^/]+/)?([\\w.-]+/[\\w.-]+)");

    private static final double TEN_THOUSAND = 1e4;

    private FrontMatter() {}

    static String of(Run run, Scores scores) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Arguments arguments = run.arguments();
        String language = arguments.text("/pretrained_source/language");
        if (!language.isEmpty()) {
            fields.put("language", language);
        }
        String licence = arguments.text("/pretrained_source/licence");
        if (!licence.isEmpty()) {
            fields.put("license", licence.toLowerCase(Locale.ROOT));
        }
        Matcher onHub = ON_HUB.matcher(arguments.text("/pretrained_source/source"));
        if (onHub.matches()) {
            fields.put("base_model", onHub.group(1));
        }
        fields.put("library_name", "transformers");
        fields.put("pipeline_tag", run.pipelineTag());
        fields.put("tags", List.of(run.pipelineTag(), "ortune"));
        List<String> datasets = arguments.data().values().stream()
                .map(FrontMatter::dataset)
                .distinct()
                .toList();
        if (!datasets.isEmpty()) {
            fields.put("datasets", datasets);
        }
        if (scores != null) {
            fields.put("metrics", metricTypes(scores));
            fields.put("model-index", List.of(index(run, scores)));
        }
        return yaml(fields);
    }

    /** A file's name without its suffixes: the hub's names have no folders. */
    static String dataset(Arguments.DataFile file) {
        String name = file.name();
        if (name.startsWith("builtin")) {
            return "builtin";
        }
        return name.contains(".") && name.indexOf('.') > 0 ? name.substring(0, name.indexOf('.')) : name;
    }

    private static Map<String, Object> index(Run run, Scores scores) {
        Holdout judged = run.judged();
        Arguments.DataFile file = run.arguments().data().get(judged.role());
        Map<String, Object> dataset = new LinkedHashMap<>();
        dataset.put("name", file == null ? judged.role() : file.name());
        dataset.put("type", file == null ? judged.role() : dataset(file));
        dataset.put("split", judged.role());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("task", ordered("type", run.pipelineTag(), "name", title(run.pipelineTag())));
        result.put("dataset", dataset);
        List<Map<String, Object>> metrics = new ArrayList<>();
        scores.metrics()
                .values()
                .forEach((metric, value) -> metrics.add(metric(type(metric), title(metric.title()), value)));
        result.put("metrics", metrics);
        return ordered("name", run.name(), "results", List.of(result));
    }

    /** As the hub's evaluation library calls it. */
    private static String type(Metric metric) {
        return switch (metric) {
            case MCC -> "matthews_correlation";
            case PEARSON -> "pearsonr";
            case SPEARMAN -> "spearmanr";
            case F1_MICRO, F1_MACRO -> "f1";
            default -> metric.toString();
        };
    }

    private static List<String> metricTypes(Scores scores) {
        return scores.metrics().values().keySet().stream()
                .map(FrontMatter::type)
                .distinct()
                .toList();
    }

    /** Each word with a capital letter: token-classification is Token Classification. */
    private static String title(String name) {
        return Arrays.stream(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static Map<String, Object> metric(String type, String name, double value) {
        return ordered("type", type, "name", name, "value", Math.rint(value * TEN_THOUSAND) / TEN_THOUSAND);
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static String yaml(Map<String, Object> fields) {
        try {
            return YAML.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
