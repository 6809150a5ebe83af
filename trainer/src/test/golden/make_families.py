"""Makes the golden files of the encoder families: what transformers' own classes compute and how they train.

    python3 trainer/src/test/golden/make_families.py                            # all families and tasks
    python3 trainer/src/test/golden/make_families.py electra-token-classification  # one

The files, the run and the precision are those of make_golden.py: float64 from weights and batches that are exact in
float32, 20 steps of AdamW, and the distance of a float32 run beside it. README.md beside this script explains them.
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from torch import nn

import safetensors_file
from make_golden import BETAS, DEFAULTS, OUT, expected_json, float32_error, learning_rates, write_json

SHAPE = dict(vocab_size=48, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=24,
             max_position_embeddings=24)
NO_DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
MODERN = dict(vocab_size=48, hidden_size=12, num_attention_heads=3, intermediate_size=16, max_position_embeddings=24,
              pad_token_id=0, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3)
# Heads that are together wider than a token's vector, and so few buckets that distances of 2 and more share some.
T5 = dict(vocab_size=48, d_model=12, d_kv=5, d_ff=24, num_layers=2, num_decoder_layers=3, num_heads=3,
          relative_attention_num_buckets=8, relative_attention_max_distance=12, dropout_rate=0.0, classifier_dropout=0.0,
          pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
GPT2 = dict(vocab_size=48, n_embd=12, n_layer=2, n_head=3, n_inner=24, n_positions=24, resid_pdrop=0.0, embd_pdrop=0.0,
            attn_pdrop=0.0, classifier_dropout=0.0, pad_token_id=0, bos_token_id=0, eos_token_id=0)
# Fewer heads of keys than of queries.
LLAMA = dict(vocab_size=48, hidden_size=12, num_hidden_layers=2, intermediate_size=24, max_position_embeddings=24,
             classifier_dropout=0.0, pad_token_id=0, bos_token_id=None, eos_token_id=3)
# A run over one batch of long texts.
LONG = dict(batches=1, steps=3, warmup_steps=1)
LABELS = {"sequence-classification": 3, "token-classification": 5, "regression": 1, "multi-label": 4,
          "multi-label-weights": 4, "question-answering": 2, "multiple-choice": 2}
# Objectives without labels of their own: what was behind a mask, and whether the second text follows the first.
MASKED = ("masked-lm", "pre-training")
IGNORED = -100

# special: padding, begin, end; begin is None where there is none. types: whether the family tells the second text from the
# first by type ids. joint: what stands between two texts; 0 where there are single texts alone.
FAMILIES = {
    "bert": dict(prefix="Bert", special=(0, 2, 3), types=True, joint=1, seed=21,
                 config=SHAPE | NO_DROPOUT | dict(type_vocab_size=2, pad_token_id=0)),
    "roberta": dict(prefix="Roberta", special=(1, 0, 2), types=False, joint=2, seed=22,
                    config=SHAPE | NO_DROPOUT | dict(
                        max_position_embeddings=26, type_vocab_size=1, layer_norm_eps=1e-5,
                        pad_token_id=1, bos_token_id=0, eos_token_id=2)),
    "distilbert": dict(prefix="DistilBert", special=(0, 2, 3), types=False, joint=1, seed=23,
                       config=dict(vocab_size=48, dim=12, n_layers=2, n_heads=3, hidden_dim=24,
                                   max_position_embeddings=24, dropout=0.0, attention_dropout=0.0,
                                   seq_classif_dropout=0.0, qa_dropout=0.0, pad_token_id=0)),
    "electra": dict(prefix="Electra", special=(0, 2, 3), types=True, joint=1, seed=24, choice=dict(summary_last_dropout=0.0),
                    config=SHAPE | NO_DROPOUT | dict(embedding_size=8, type_vocab_size=2, pad_token_id=0)),
    # Two groups of weights for three layers of two inner ones: the first is used for two of them.
    "albert": dict(prefix="Albert", special=(0, 2, 3), types=True, joint=1, seed=25,
                   config=SHAPE | NO_DROPOUT | dict(
                       num_hidden_layers=3, num_hidden_groups=2, inner_group_num=2, embedding_size=8, type_vocab_size=2,
                       classifier_dropout_prob=0.0, pad_token_id=0, bos_token_id=2, eos_token_id=3)),
    "mpnet": dict(prefix="MPNet", special=(1, 0, 2), types=False, joint=2, seed=26,
                  config=SHAPE | NO_DROPOUT | dict(
                      max_position_embeddings=26, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2)),
    # As version 3, but with so few buckets that distances of 5 to 16 have logarithmic ones.
    "deberta-v3": dict(prefix="DebertaV2", special=(0, 2, 3), types=False, joint=1, seed=27,
                       config=SHAPE | NO_DROPOUT | dict(
                           relative_attention=True, position_biased_input=False, pos_att_type=["p2c", "c2p"],
                           share_att_key=True, norm_rel_ebd="layer_norm", position_buckets=8, pad_token_id=0)),
    # As v2-xlarge, whose distances have projections of their own here, with narrower embeddings and all positions.
    "deberta-v2": dict(prefix="DebertaV2", special=(0, 2, 3), types=False, joint=1, seed=28,
                       config=SHAPE | NO_DROPOUT | dict(
                           relative_attention=True, position_biased_input=True, pos_att_type="c2p|p2c", embedding_size=8,
                           conv_kernel_size=3, conv_act="gelu", pad_token_id=0)),
    # The buckets of the published version 3, and texts that reach them all.
    "deberta-v3-long": dict(prefix="DebertaV2", special=(0, 2, 3), types=False, joint=1, seed=29, run=LONG | dict(
                                lengths=[512, 380]),
                            config=SHAPE | NO_DROPOUT | dict(
                                max_position_embeddings=512, relative_attention=True,
                                position_biased_input=False, pos_att_type=["p2c", "c2p"], share_att_key=True,
                                norm_rel_ebd="layer_norm", position_buckets=256, pad_token_id=0)),
    # Windows of 2 to either side, so that texts of 7 and more are cut into blocks; the last layer has one.
    "modernbert": dict(prefix="ModernBert", special=(0, 2, 3), types=False, joint=1, seed=30,
                       config=MODERN | dict(num_hidden_layers=3, local_attention=4)),
    # With all biases, the mean of all tokens, and a last layer without a window.
    "modernbert-mean": dict(prefix="ModernBert", special=(0, 2, 3), types=False, joint=1, seed=31,
                            config=MODERN | dict(
                                num_hidden_layers=4, local_attention=6, classifier_pooling="mean", norm_bias=True,
                                attention_bias=True, mlp_bias=True, classifier_bias=True)),
    # The windows of the published models.
    "modernbert-long": dict(prefix="ModernBert", special=(0, 2, 3), types=False, joint=1, seed=32, run=LONG | dict(
                                lengths=[1024, 700]),
                            config=MODERN | dict(
                                num_hidden_layers=2, max_position_embeddings=1024, classifier_pooling="mean")),
    # transformers' class wants as many ends in all texts of a batch: here one.
    "t5": dict(prefix="T5", special=(0, None, 1), types=False, joint=0, seed=33, config=T5),
    # The feed-forward blocks of version 1.1, and the buckets of the published models.
    "t5-gated": dict(prefix="T5", special=(0, None, 1), types=False, joint=0, seed=34, config=T5 | dict(
                         num_decoder_layers=2, feed_forward_proj="gated-gelu", relative_attention_num_buckets=32,
                         relative_attention_max_distance=128)),
    # Padding and end of text are one token, as where a tokenizer has no padding of its own.
    "gpt2": dict(prefix="GPT2", special=(0, 0, 3), types=False, joint=1, seed=34,
                 config=GPT2 | dict(scale_attn_by_inverse_layer_idx=True)),
    # Heads that are together wider than a token's vector, all biases, and turns that are stretched or not, and between.
    "llama": dict(prefix="Llama", special=(0, None, 3), types=False, joint=1, seed=35, config=LLAMA | dict(
        num_attention_heads=4, num_key_value_heads=2, head_dim=4, attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="llama3", rope_theta=10000.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                             original_max_position_embeddings=8))),
    "qwen2": dict(prefix="Qwen2", special=(0, None, 3), types=False, joint=1, seed=36, config=LLAMA | dict(
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=True, rope_parameters=dict(rope_type="default", rope_theta=100.0))),
}
TASKS = {"sequence-classification": "ForSequenceClassification", "token-classification": "ForTokenClassification",
         "regression": "ForSequenceClassification", "multi-label": "ForSequenceClassification",
         "multi-label-weights": "ForSequenceClassification", "question-answering": "ForQuestionAnswering",
         "masked-lm": "ForMaskedLM", "pre-training": "ForPreTraining",
         "multiple-choice": "ForMultipleChoice", "text2text": "ForConditionalGeneration", "causal-lm": "LMHeadModel"}
PROBLEMS = {"sequence-classification": "single_label_classification", "regression": "regression",
            "multi-label": "multi_label_classification", "multi-label-weights": "multi_label_classification"}
# Families that differ in the head of a text: the loss is the same for all, so two of these tell as much as all.
FAMILIES_OF = {"regression": ("bert", "roberta"), "multi-label": ("bert", "roberta"), "multi-label-weights": ("bert",),
               "pre-training": ("bert",), "causal-lm": ("gpt2", "llama", "qwen2"),
               # The others' heads are those of a text with one label.
               "multiple-choice": ("bert", "roberta", "electra", "albert", "mpnet", "deberta-v3", "modernbert-mean"),
               # Version 2's head is version 3's.
               "question-answering": ("bert", "roberta", "distilbert", "electra", "albert", "mpnet", "deberta-v3", "modernbert", "gpt2"),
               "text2text": ("t5", "t5-gated")}
# These have no other heads than those of texts and tokens.
NO_OTHER_TASKS = ("t5", "t5-gated", "llama", "qwen2")
# Its tokens see those before them alone.
NO_MASKS = ("gpt2", "llama", "qwen2")
# Cases that have nothing to add for labels of tokens.
OF_TEXTS = ("deberta-v3-long", "modernbert-mean", "modernbert-long")
# transformers has no such weights: here its class gives the logits, and PyTorch's BCEWithLogitsLoss the loss.
POSITIVE_WEIGHTS = {"multi-label-weights": [0.5, 3.0, 1.0, 2.25]}
# Words of a closed set, </s> included, and how likely a model finds each after a text.
WORDS = [[7, 9, 1], [11, 1], [7, 12, 13, 1]]
# Where a gradient would come near 0 by chance, which Adam's first steps turn into rounding errors.
OTHER_SEEDS = {"bert-pre-training": 1}
FIRST_WORD, USED_WORDS = 5, 40
# The published version 3 has a head of its own.
MASKED_CONFIG = {"deberta-v3": dict(legacy=False)}
MASK = 4


def options_of(family):
    return DEFAULTS | family.get("run", {})


def model_of(family, task, dtype):
    """transformers' class with its plain attention and no dropout, on which training changes nothing but the weights."""
    names = [f"LABEL_{i}" for i in range(LABELS.get(task, 0))]
    labels = dict(id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)}) if names else {}
    config = getattr(transformers, family["prefix"] + "Config")(**family["config"], **labels)
    if task in PROBLEMS:
        config.problem_type = PROBLEMS[task]
    if task == "multiple-choice":
        config.update(family.get("choice", {}))
    # ModernBERT's plain attention takes the softmax in float32, where float64's lowest number is no number any more.
    if task == "text2text":
        # As version 1.1 says it: transformers then multiplies the states with nothing.
        config.scale_decoder_outputs = "gated" not in config.feed_forward_proj
    # So is it with the masks of texts whose padding comes first for Llama's kin.
    config._attn_implementation = "sdpa" if family["prefix"] in ("ModernBert", "Llama", "Qwen2") else "eager"
    name = "ForCausalLM" if task == "causal-lm" and family["prefix"] != "GPT2" else TASKS[task]
    model = getattr(transformers, family["prefix"] + name)(config)
    if task == "text2text" and not config.scale_decoder_outputs:
        # And the published models of that version have a matrix of their own, which transformers keeps where files have it.
        model.lm_head.weight = nn.Parameter(torch.zeros_like(model.lm_head.weight))
        model.all_tied_weights_keys.pop("lm_head.weight")
    return model.to(dtype).train()


def layer_norm_weights(model):
    """LayerNorms by their class: DistilBERT calls some of them sa_layer_norm, and some families have one of their own."""
    return {f"{name}.weight" for name, module in model.named_modules()
            if isinstance(module, nn.LayerNorm) or type(module).__name__ in ("T5LayerNorm", "LlamaRMSNorm", "Qwen2RMSNorm")}


def initial_weights(model, generator):
    """float32, wider than Hugging Face's 0.02 and with biases, so that every gradient is well away from zero."""
    norms = layer_norm_weights(model)
    weights = {}
    for name, parameter in model.named_parameters():
        value = torch.randn(parameter.shape, generator=generator)
        weights[name] = 1.0 + 0.2 * value if name in norms else 0.2 * value
    return weights


def sentence(length, family, generator):
    """A single text, or in half of the cases a pair; ids, type ids, and which tokens are special."""
    _, begin, end = family["special"]
    ids = torch.randint(FIRST_WORD, USED_WORDS, (length,), generator=generator).tolist()
    ids[0], ids[-1] = ids[0] if begin is None else begin, end
    types = [0] * length
    if family["joint"] and length >= 7 and torch.rand(1, generator=generator) < 0.5:
        cut = int(torch.randint(2, length - 3, (1,), generator=generator))
        ids[cut:cut + family["joint"]] = [end] * family["joint"]
        types = [0] * (cut + 1) + [1] * (length - cut - 1)
    return ids, types, [token in family["special"] for token in ids]


def token_labels(special, generator):
    """A label a word's first piece; nothing for special tokens and for the pieces that go on with a word."""
    labels = torch.randint(LABELS["token-classification"], (len(special),), generator=generator).tolist()
    later = (torch.rand(len(special), generator=generator) < 0.25).tolist()
    return [IGNORED if s or piece else label for label, s, piece in zip(labels, special, later)]


def masked(texts, generator):
    """Ids and labels with about a third of the ordinary tokens masked, of these 80 % behind [MASK] and 10 % another token."""
    ids, labels = [], []
    for tokens, _, special in texts:
        drawn = torch.rand((2, len(tokens)), generator=generator)
        others = torch.randint(FIRST_WORD, USED_WORDS, (len(tokens),), generator=generator).tolist()
        hidden = [not s and d < 0.35 for s, d in zip(special, drawn[0].tolist())]
        # In every text one at least.
        hidden[1] = hidden[1] or not any(hidden)
        ids.append([(MASK if how < 0.8 else other if how < 0.9 else token) if h else token
                    for token, h, how, other in zip(tokens, hidden, drawn[1].tolist(), others)])
        labels.append([token if h else IGNORED for token, h in zip(tokens, hidden)])
    return ids, labels


def answers(lengths, generator):
    """First and last token of an answer; of some texts the first token for both, as where there is none."""
    starts, ends = [], []
    for length in lengths:
        start, end = sorted(torch.randint(0, length - 1, (2,), generator=generator).tolist())
        starts.append(start if start > 1 else 0)
        ends.append(end if start > 1 else 0)
    return dict(start_positions=starts, end_positions=ends)


def choices(examples, generator):
    """Two to four choices an example, one row each: which example each is of, and 1 for those that are right."""
    counts = torch.randint(2, 5, (examples,), generator=generator).tolist()
    right = [int(torch.randint(count, (1,), generator=generator)) for count in counts]
    return dict(example_ids=[example for example, count in enumerate(counts) for _ in range(count)],
                labels=[int(choice == right[example]) for example, count in enumerate(counts) for choice in range(count)])


def batch(family, task, generator):
    """Texts of different lengths, padded to the longest of the batch."""
    options = options_of(family)
    lengths = options["lengths"]
    of_choices = choices(options["batch_size"], generator) if task == "multiple-choice" else None
    if isinstance(lengths, tuple):
        low, high = lengths
        rows = len(of_choices["labels"]) if of_choices else options["batch_size"]
        lengths = torch.randint(low, high + 1, (rows,), generator=generator).tolist()
    count = len(lengths)
    texts = [sentence(length, family, generator) for length in lengths]
    filled = lambda rows, value: [row + [value] * (max(lengths) - len(row)) for row in rows]
    result = dict(
        input_ids=filled([ids for ids, _, _ in texts], family["special"][0]),
        attention_mask=filled([[1] * length for length in lengths], 0))
    if family["types"]:
        result["token_type_ids"] = filled([types for _, types, _ in texts], 0)
    if task == "causal-lm":
        # Of each token the one after it; transformers takes them unshifted.
        result["labels"] = filled([ids[1:] + [IGNORED] for ids, _, _ in texts], IGNORED)
    elif task in MASKED:
        ids, labels = masked(texts, generator)
        result |= dict(input_ids=filled(ids, family["special"][0]), labels=filled(labels, IGNORED))
        if task == "pre-training":
            result["next_sentence_label"] = torch.randint(2, (count,), generator=generator).tolist()
    elif task == "question-answering":
        result |= answers(lengths, generator)
    elif task == "multiple-choice":
        result |= of_choices
    elif task == "text2text":
        written = [torch.randint(FIRST_WORD, USED_WORDS, (int(n),), generator=generator).tolist() + [1]
                   for n in torch.randint(1, 6, (count,), generator=generator)]
        longest = max(len(tokens) for tokens in written)
        result["labels"] = [tokens + [IGNORED] * (longest - len(tokens)) for tokens in written]
    elif task == "token-classification":
        result["labels"] = filled([token_labels(special, generator) for _, _, special in texts], IGNORED)
    elif task == "regression":
        # Quarters from 0 to 5, as scores of similarity are: exact in float32.
        result["labels"] = (torch.randint(21, (count,), generator=generator) / 4).tolist()
    elif task.startswith("multi-label"):
        result["labels"] = (torch.rand((count, LABELS[task]), generator=generator) < 0.4).float().tolist()
    else:
        result["labels"] = torch.randint(LABELS[task], (count,), generator=generator).tolist()
    return result


def left_padded(batch):
    """The same texts with their padding before them."""
    counts = batch["attention_mask"].sum(1).tolist()
    rolled = {key: torch.stack([row.roll(-count) for row, count in zip(rows, counts)])
              for key, rows in batch.items() if rows.dim() == 2}
    return batch | rolled


class Run:
    """One model in one precision with its optimizer."""

    def __init__(self, family, task, weights, batches, dtype):
        self.task = task
        self.options = options_of(family)
        tensors = [{key: torch.tensor(rows) for key, rows in batch.items()} for batch in batches]
        self.batches = [{key: rows.to(dtype) if rows.is_floating_point() else rows for key, rows in batch.items()}
                        for batch in tensors]
        self.model = model_of(family, task, dtype)
        self.model.load_state_dict({name: tensor.to(dtype) for name, tensor in weights.items()}, strict=False)
        norms = layer_norm_weights(self.model)
        groups = [{"params": [], "weight_decay": self.options["weight_decay"]}, {"params": [], "weight_decay": 0.0}]
        for name, parameter in self.model.named_parameters():
            groups[name.endswith("bias") or name in norms]["params"].append(parameter)
        weights = POSITIVE_WEIGHTS.get(task)
        self.weighted = weights and nn.BCEWithLogitsLoss(pos_weight=torch.tensor(weights, dtype=dtype))
        self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=BETAS, eps=self.options["eps"])

    def gradients(self, batch):
        """-> the loss, with every parameter's gradient in it"""
        self.model.zero_grad()
        loss = self.loss(batch)
        loss.backward()
        return loss.item()

    def loss(self, batch):
        """
        transformers' own; of answers the mean over the texts one by one, since it would let padding be answers, too; of
        choices likewise over the examples, since it would want as many choices for all
        """
        if self.task == "multiple-choice":
            return torch.stack([self.model(**rows, labels=right).loss for rows, right in self.examples(batch)]).mean()
        if self.task == "causal-lm":
            ids, mask = batch["input_ids"], batch["attention_mask"]
            return self.model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(mask == 0, IGNORED)).loss
        if self.task != "question-answering":
            output = self.model(**batch)
            return self.weighted(output.logits, batch["labels"]) if self.weighted else output.loss
        lengths = batch["attention_mask"].sum(1).tolist()
        rows = [{key: rows[i:i + 1, :length] if rows.dim() == 2 else rows[i:i + 1] for key, rows in batch.items()}
                for i, length in enumerate(lengths)]
        return torch.stack([self.model(**row).loss for row in rows]).mean()

    @staticmethod
    def examples(batch):
        """-> an example's choices as [1, choices, sequence], and which of them is right"""
        for example in batch["example_ids"].unique():
            of = batch["example_ids"] == example
            yield ({key: rows[of].unsqueeze(0) for key, rows in batch.items() if rows.dim() == 2},
                   batch["labels"][of].argmax().unsqueeze(0))

    def logits(self, batch):
        if self.task == "multiple-choice":
            return torch.cat([self.model(**rows).logits.view(-1, 1) for rows, _ in self.examples(batch)])
        output = self.model(**batch)
        if self.task == "pre-training":
            return output.prediction_logits
        if self.task != "question-answering":
            return output.logits
        return torch.stack([output.start_logits, output.end_logits], -1)

    def words(self, batch):
        """-> of each text the logarithm of each word's probability"""
        columns = []
        for word in WORDS:
            labels = torch.tensor(word).repeat(len(batch["input_ids"]), 1)
            logits = self.model(**batch | dict(labels=labels)).logits.log_softmax(-1)
            columns.append(logits.gather(-1, labels.unsqueeze(-1)).sum((1, 2)))
        return torch.stack(columns, -1)

    def step(self, index, learning_rate):
        """-> loss, gradient norm before clipping"""
        loss = self.gradients(self.batches[index % len(self.batches)])
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.options["max_grad_norm"])
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()
        return loss, norm.item()

    def train(self):
        with torch.no_grad():
            result = dict(logits=self.logits(self.batches[0]))
            if self.task == "text2text":
                result["words"] = self.words(self.batches[0])
            if self.model.config.model_type in NO_MASKS and self.task == "sequence-classification":
                result["left_padded_logits"] = self.logits(left_padded(self.batches[0]))
        self.gradients(self.batches[0])
        result["gradients"] = {name: p.grad.clone() for name, p in self.model.named_parameters()}
        largest = {name: torch.zeros_like(p) for name, p in result["gradients"].items()}
        steps = []
        for index, learning_rate in enumerate(learning_rates(self.options)):
            steps.append(self.step(index, learning_rate))
            for name, p in self.model.named_parameters():
                largest[name] = torch.maximum(largest[name], p.grad.abs())
        result["losses"], result["norms"] = (list(column) for column in zip(*steps))
        result["micro_losses"] = [[loss] for loss in result["losses"]]
        result["zero_gradient"] = [name for name, value in largest.items() if value.max() < 1e-12]
        if self.model.config.model_type == "gpt2":
            # The keys' part of a bias that queries, keys and values have together.
            h = self.model.config.n_embd
            for name in [name for name in largest if name.endswith("c_attn.bias")]:
                assert largest[name][h:2 * h].max() < (1e-5 if largest[name].dtype == torch.float32 else 1e-12)
                result["zero_gradient"].append(f"{name}[{h}:{2 * h}]")
        result["final"] = {name: p.detach() for name, p in self.model.named_parameters()}
        return result


def saved(model):
    """-> config.json as save_pretrained writes it but for transformers' version, and the names of the tensors it saves"""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        config = json.loads((Path(folder) / "config.json").read_text())
        config.pop("transformers_version")
        return config, set(safetensors_file.read(Path(folder) / "model.safetensors"))


def greedy(family, weights):
    """-> 50 prompts, and what transformers writes after each, with keys and values kept and without: the likeliest tokens"""
    model = model_of(family, "text2text", torch.float32)
    model.load_state_dict(weights, strict=False)
    model.eval()
    generator = torch.Generator().manual_seed(51)
    # transformers' cache has as many layers as the encoder.
    caches = (True, False) if model.config.num_layers == model.config.num_decoder_layers else (False,)
    entries = []
    for _ in range(50):
        length = int(torch.randint(2, 16, (1,), generator=generator))
        prompt = torch.randint(FIRST_WORD, USED_WORDS, (length,), generator=generator).tolist() + [1]
        written = [model.generate(torch.tensor([prompt]), max_new_tokens=12, do_sample=False, num_beams=1, use_cache=cache,
                                  decoder_start_token_id=0)[0, 1:].tolist() for cache in caches]
        assert written[0] == written[-1]
        entries.append(dict(prompt=prompt, written=written[0]))
    return entries


def make(name):
    task = next(task for task in TASKS if name.endswith("-" + task))
    family_name = name[:-len(task) - 1]
    family = dict(FAMILIES[family_name])
    if task in MASKED:
        family["config"] = family["config"] | MASKED_CONFIG.get(family_name, {})
    options = options_of(family)
    generator = torch.Generator().manual_seed(
        family["seed"] + 100 * list(TASKS).index(task) + OTHER_SEEDS.get(name, 0))
    model = model_of(family, task, torch.float32)
    weights = initial_weights(model, generator)
    batches = [batch(family, task, generator) for _ in range(options["batches"])]
    single, double = (Run(family, task, weights, batches, t).train() for t in (torch.float32, torch.float64))
    config, names = saved(model)
    assert names == set(weights), names ^ set(weights)
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", config)
    write_json(folder / "batches.json", batches)
    expected = expected_json(options, single, double)
    if task == "text2text":
        expected |= dict(words=WORDS, word_logits=double["words"].tolist())
        lines = ",\n".join(json.dumps(entry) for entry in greedy(family, weights))
        (folder / "greedy.json").write_text(f"[\n{lines}\n]\n")
    if "left_padded_logits" in double:
        expected["left_padded_logits"] = double["left_padded_logits"].tolist()
    if task in POSITIVE_WEIGHTS:
        expected["positive_weights"] = POSITIVE_WEIGHTS[task]
    write_json(folder / "expected.json", expected)
    safetensors_file.write(folder / "model.safetensors", weights)
    safetensors_file.write(folder / "gradients.safetensors", double["gradients"])
    safetensors_file.write(folder / "final.safetensors", double["final"])
    error = {key: f"{value:.1e}" for key, value in float32_error(single, double).items()}
    clipped = sum(norm > options["max_grad_norm"] for norm in double["norms"])
    print(f"{name}: loss {double['losses'][0]:.4f} -> {double['losses'][-1]:.4f}, {clipped} of {options['steps']} "
          f"steps clipped, float32 error {error}, no gradient: {double['zero_gradient']}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case in sys.argv[1:] or [
            f"{family}-{task}" for task in TASKS for family in FAMILIES_OF.get(task, FAMILIES)
            if task == "sequence-classification" or family not in OF_TEXTS
            if task in ("sequence-classification", "token-classification") or family not in NO_OTHER_TASKS or task == "text2text"
            if task != "masked-lm" or family not in NO_MASKS]:
        make(case)
