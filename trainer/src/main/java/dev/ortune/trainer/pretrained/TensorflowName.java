package dev.ortune.trainer.pretrained;

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
    private static final Pattern VARIABLE = Pattern.compile("(?:module/)?(bert/(?:embeddings|encoder|pooler)/.*)");
    private static final Pattern PARAMETER = Pattern.compile("(.*)/(kernel|bias|gamma|beta|\\w+_embeddings)");

    /** Empty for variables that are no weights of the encoder or its head: Adam's moments, global_step, {@code cls/…}. */
    static Optional<TensorflowName> of(String variable) {
        if (variable.equals("output_weights")) {
            return Optional.of(new TensorflowName("classifier.weight", false));
        }
        if (variable.equals("output_bias")) {
            return Optional.of(new TensorflowName("classifier.bias", false));
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
