"""Folders as transformers writes them: a small model of each family with random weights, and a tokenizer trained here."""

from pathlib import Path

import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SIZE = dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128)
BERT_TOKENS = dict(pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
ROBERTA_TOKENS = dict(bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>", cls_token="<s>",
                      sep_token="</s>", mask_token="<mask>")
WORDS = 1500
QWEN2_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
# Five times transformers' own, so that texts get verdicts of all shades.
WIDE = 0.1

# tokenizer: the function below that trains it. types: whether the model takes token_type_ids. config: what differs from the
# family's defaults. prefix: of text2text, what stands before each text.
FAMILIES = {
    "bert": dict(tokenizer="word_piece", types=True, config=SIZE),
    "distilbert": dict(tokenizer="word_piece", types=False, config=dict(dim=64, n_layers=2, n_heads=4, hidden_dim=128)),
    "electra": dict(tokenizer="word_piece", types=True, config=SIZE | dict(embedding_size=32)),
    "roberta": dict(tokenizer="byte_level_bpe", types=False,
                    config=SIZE | dict(max_position_embeddings=514, type_vocab_size=1)),
    "xlm-roberta": dict(tokenizer="unigram", types=False,
                        config=SIZE | dict(max_position_embeddings=514, type_vocab_size=1)),
    "camembert": dict(tokenizer="unigram", types=False,
                      config=SIZE | dict(max_position_embeddings=514, type_vocab_size=1)),
    "albert": dict(tokenizer="unigram_of_bert", types=True,
                   config=SIZE | dict(embedding_size=32, num_hidden_groups=2, num_hidden_layers=4)),
    "mpnet": dict(tokenizer="word_piece_of_mpnet", types=False, config=SIZE | dict(max_position_embeddings=514)),
    "deberta-v2": dict(tokenizer="unigram_of_bert", types=False, config=SIZE | dict(
        relative_attention=True, position_biased_input=False, pos_att_type=["p2c", "c2p"], share_att_key=True,
        norm_rel_ebd="layer_norm", position_buckets=32)),
    "gpt2": dict(tokenizer="byte_level_bpe_of_gpt2", types=False, config=dict(
        n_embd=64, n_layer=2, n_head=4, n_inner=128, n_positions=512, bos_token_id=0, eos_token_id=0)),
    "llama": dict(tokenizer="byte_level_bpe_of_gpt2", types=False, config=SIZE | dict(
        num_key_value_heads=2, max_position_embeddings=512, bos_token_id=0, eos_token_id=0, rope_parameters=dict(
            rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=128))),
    "qwen2": dict(tokenizer="byte_level_bpe_of_qwen2", types=False, config=SIZE | dict(
        num_key_value_heads=1, max_position_embeddings=512, bos_token_id=0, eos_token_id=0)),
    "modernbert": dict(tokenizer="byte_level_bpe_of_bert", types=False, config=SIZE | dict(
        num_hidden_layers=4, local_attention=32, max_position_embeddings=512, classifier_pooling="mean")),
    # transformers' class for texts wants as many ends in all texts of a batch: pairs have two.
    "t5": dict(tokenizer="unigram_of_t5", types=False, config=dict(
        d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4, feed_forward_proj="gated-gelu", decoder_start_token_id=0)),
    # The same as a model that writes the names of the labels.
    "t5-text2text": dict(model_type="t5", tokenizer="unigram_of_t5", types=False, prefix="judge: ", config=dict(
        d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4, feed_forward_proj="gated-gelu", decoder_start_token_id=0)),
}


def pieces(texts, special):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=WORDS, special_tokens=special))
    return tokenizer


def of_types(tokenizer):
    """BERT's template: the second text's tokens are of type 1."""
    ids = {token: tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=list(ids.items()))
    return tokenizer, BERT_TOKENS


def word_piece(texts):
    return of_types(pieces(texts, list(BERT_TOKENS.values())))


def word_piece_of_mpnet(texts):
    tokenizer = pieces(texts, ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer, ROBERTA_TOKENS | dict(unk_token="[UNK]")


def bytes_joined(texts, special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=WORDS, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def byte_level_bpe_of_bert(texts):
    """ModernBERT's: NFC before the bytes, BERT's tokens around them."""
    tokenizer = bytes_joined(texts, list(BERT_TOKENS.values()))
    tokenizer.normalizer = normalizers.NFC()
    return of_types(tokenizer)


def byte_level_bpe(texts):
    tokenizer = bytes_joined(texts, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer, ROBERTA_TOKENS


def byte_level_bpe_of_qwen2(texts):
    """NFC and a split of its own before the bytes: transformers' class has both, whatever a file says."""
    tokenizer = bytes_joined(texts, ["<|endoftext|>"])
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2_SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return tokenizer, dict.fromkeys(("eos_token", "pad_token", "unk_token"), "<|endoftext|>")


def byte_level_bpe_of_gpt2(texts):
    """Nothing around a text, and no token for padding."""
    tokenizer = bytes_joined(texts, ["<|endoftext|>"])
    return tokenizer, dict.fromkeys(("bos_token", "eos_token", "unk_token"), "<|endoftext|>")


def scored(texts, special, unknown, *first):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([*first, normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=WORDS, special_tokens=special, unk_token=unknown)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def unigram_of_bert(texts):
    """Without Nmt, which transformers.js does not know."""
    return of_types(scored(texts, list(BERT_TOKENS.values()), "[UNK]"))


def unigram(texts):
    tokenizer = scored(texts, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"], "<unk>", normalizers.Nmt())
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer, ROBERTA_TOKENS


def unigram_of_t5(texts):
    tokenizer = scored(texts, ["<pad>", "</s>", "<unk>"], "<unk>", normalizers.Nmt())
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return tokenizer, dict(pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def write(family, folder: Path, texts, **shape):
    """The base model without any head, as most of the hub's folders have it; shape says what else differs from the defaults."""
    chosen = FAMILIES[family]
    tokenizer, special = globals()[chosen["tokenizer"]](texts)
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **special)
    fast.save_pretrained(folder)
    torch.manual_seed(13)
    config = transformers.AutoConfig.for_model(chosen.get("model_type", family), **dict(
        vocab_size=len(fast), pad_token_id=fast.pad_token_id, initializer_range=WIDE) | chosen["config"] | shape)
    transformers.AutoModel.from_config(config).save_pretrained(folder)
    return folder
