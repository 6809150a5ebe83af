package dev.ortune.trainer.pretrained;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a variable of Google's BERT is called by Hugging Face.
 *
 * @param name Hugging Face's name
 * @param transposed whether it is a kernel {@code [in, out]}, which becomes a weight {@code [out, in]}
 */
record TensorflowName(String name, boolean transposed) {
    private static final Pattern VARIABLE =
            Pattern.compile("(?:module/)?(bert/(?:embeddings|encoder|pooler)/.*|cls/predictions/transform/.*)");
    /** Variables that no layer holds. */
    private static final Map<String, String> ALONE = Map.of(
            "output_weights", "classifier.weight",
            "output_bias", "classifier.bias",
            "cls/predictions/output_bias", "cls.predictions.bias",
            "cls/seq_relationship/output_weights", "cls.seq_relationship.weight",
            "cls/seq_relationship/output_bias", "cls.seq_relationship.bias");

    private static final Pattern PARAMETER = Pattern.compile("(.*)/(kernel|bias|gamma|beta|\\w+_embeddings)");

    /** Empty for variables that are no weights of the encoder or its heads: Adam's moments, global_step. */
    static Optional<TensorflowName> of(String variable) {
        String alone = ALONE.get(variable.replaceFirst("^module/", ""));
        if (alone != null) {
            return Optional.of(new TensorflowName(alone, false));
        }
        Matcher known = VARIABLE.matcher(variable);
        if (!known.matches()) {
            return Optional.empty();
        }
        Matcher parameter = PARAMETER.matcher(known.group(1));
        return parameter.matches() ? Optional.of(of(parameter.group(1), parameter.group(2))) : Optional.empty();
    }

    private static TensorflowName of(String module, String parameter) {
        String path = module.replaceAll("/layer_(\\d+)/", "/layer.$1/").replace('/', '.') + ".";
        return switch (parameter) {
            case "kernel" -> new TensorflowName(path + "weight", true);
            case "gamma" -> new TensorflowName(path + "weight", false);
            case "beta", "bias" -> new TensorflowName(path + "bias", false);
            default -> new TensorflowName(path + parameter + ".weight", false);
        };
    }
}
