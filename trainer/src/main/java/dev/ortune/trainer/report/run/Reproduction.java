package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command that repeats a run, with every option written out, so that no later default can change it. */
public final class Reproduction {
    /** Hyper-parameters by their names in training_args.json, and the options that set them. */
    private static final Map<String, String> OPTIONS = options();

    private Reproduction() {}

    /** The command's words; the first are {@code ./ortune train}. */
    public static List<String> command(Run run) {
        Arguments arguments = run.arguments();
        boolean pretrains = run.isPretraining();
        List<String> words = new ArrayList<>(List.of("./ortune", pretrains ? "pretrain" : "train"));
        option(words, "--pretrained", arguments.text("/pretrained"));
        JsonNode data = arguments.json().path("data");
        arguments.data().forEach((role, file) -> {
            if (!role.equals("validation") || !data.has("validation_split")) {
                option(words, "--" + role, file.file());
            }
        });
        OPTIONS.forEach((key, option) -> {
            String value = data.has(key) ? arguments.text("/data/" + key) : arguments.text("/" + key);
            if (value.equals("true")) {
                words.add(option);
            } else if (!value.equals("false") && !isDefault(key, value)) {
                option(words, option, value);
            }
        });
        option(words, "--device", arguments.text("/hardware/device"));
        option(words, "--threads", arguments.text("/hardware/threads"));
        option(words, "--out", (pretrains ? "models/pretrained/" : "models/") + run.name());
        return words;
    }

    /** The command for a POSIX shell, an option a line. */
    public static String shell(Run run) {
        StringBuilder text = new StringBuilder();
        for (String word : command(run)) {
            boolean option = word.startsWith("--");
            text.append(text.length() == 0 ? "" : option ? " \\\n    " : " ").append(quoted(word));
        }
        return text.toString();
    }

    private static void option(List<String> words, String option, String value) {
        if (!value.isEmpty()) {
            words.add(option);
            words.add(value);
        }
    }

    /** What is said by leaving the option out, and has no word of its own. */
    private static boolean isDefault(String key, String value) {
        return (key.equals("task")
                        && List.of(Run.FILL_MASK, Run.TEXT_GENERATION).contains(value))
                || (key.equals("metric_for_best_model") && value.equals("perplexity"))
                || (List.of("class_weights", "positive_weights").contains(key) && value.equals("equal"))
                || (List.of("limit", "eval_steps", "early_stopping_patience").contains(key) && value.equals("0"));
    }

    /** A word as a POSIX shell takes it. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("config", "--config");
        options.put("tokenizer", "--tokenizer");
        options.put("objective", "--objective");
        options.put("mlm_probability", "--mlm-probability");
        options.put("whole_word_mask", "--whole-word-mask");
        options.put("line_by_line", "--line-by-line");
        options.put("max_steps", "--max-steps");
        options.put("task", "--task");
        options.put("label_all_tokens", "--label-all-tokens");
        options.put("doc_stride", "--doc-stride");
        options.put("max_answer_length", "--max-answer-length");
        options.put("version_2_with_negative", "--version-2-with-negative");
        options.put("text_column", "--text-column");
        options.put("pair_column", "--pair-column");
        options.put("label_column", "--label-column");
        options.put("delimiter", "--delimiter");
        options.put("quoting", "--quoting");
        options.put("skip_broken_rows", "--skip-broken-rows");
        options.put("label_columns", "--label-columns");
        options.put("label_separator", "--label-separator");
        options.put("positive_weights", "--positive-weights");
        options.put("label_names", "--label-names");
        options.put("validation_split", "--validation-split");
        options.put("split_seed", "--split-seed");
        options.put("limit", "--limit");
        options.put("num_train_epochs", "--epochs");
        options.put("per_device_train_batch_size", "--batch-size");
        options.put("gradient_accumulation_steps", "--gradient-accumulation-steps");
        options.put("learning_rate", "--learning-rate");
        options.put("lr_scheduler_type", "--schedule");
        options.put("warmup_ratio", "--warmup-ratio");
        options.put("optim", "--optimizer");
        options.put("adam_beta1", "--adam-beta1");
        options.put("adam_beta2", "--adam-beta2");
        options.put("adam_epsilon", "--adam-epsilon");
        options.put("weight_decay", "--weight-decay");
        options.put("max_grad_norm", "--max-grad-norm");
        options.put("label_smoothing_factor", "--label-smoothing");
        options.put("class_weights", "--class-weights");
        options.put("lora", "--lora");
        options.put("lora_rank", "--lora-rank");
        options.put("lora_alpha", "--lora-alpha");
        options.put("lora_dropout", "--lora-dropout");
        options.put("lora_targets", "--lora-targets");
        options.put("lora_bias", "--lora-bias");
        options.put("use_rslora", "--use-rslora");
        options.put("modules_to_save", "--modules-to-save");
        options.put("adapter", "--adapter");
        options.put("freeze", "--freeze");
        options.put("layer_lr_decay", "--layer-lr-decay");
        options.put("head_learning_rate", "--head-lr");
        options.put("seed", "--seed");
        options.put("precision", "--precision");
        options.put("max_length", "--max-length");
        options.put("truncation", "--truncation");
        options.put("pad_to_max", "--pad-to-max");
        options.put("group_by_length", "--group-by-length");
        options.put("eval_steps", "--eval-steps");
        options.put("early_stopping_patience", "--early-stopping");
        options.put("metric_for_best_model", "--metric");
        options.put("on_nan", "--on-nan");
        return options;
    }
}
