"""BertForSequenceClassification in plain PyTorch: the same modules, parameter names, equations and initialisation as
Hugging Face's, without its dependencies. The golden files and the benchmark's PyTorch peer are made with it.

Shapes: B batch, S sequence, H hidden, A heads, D = H / A.
"""

import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
}


class Embeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], hidden, padding_idx=0)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], hidden)
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=config["layer_norm_eps"])
        self.dropout = nn.Dropout(config["hidden_dropout_prob"])
        positions = torch.arange(config["max_position_embeddings"]).unsqueeze(0)
        self.register_buffer("position_ids", positions, persistent=False)

    def forward(self, input_ids, token_type_ids):  # [B, S] twice -> [B, S, H]
        embeddings = self.word_embeddings(input_ids) + self.token_type_embeddings(token_type_ids)
        embeddings = embeddings + self.position_embeddings(self.position_ids[:, : input_ids.shape[1]])
        return self.dropout(self.LayerNorm(embeddings))


class SelfAttention(nn.Module):
    def __init__(self, config, implementation):
        super().__init__()
        hidden = config["hidden_size"]
        self.heads = config["num_attention_heads"]
        self.implementation = implementation
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(config["attention_probs_dropout_prob"])

    def split(self, x):  # [B, S, H] -> [B, A, S, D]
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, mask):  # [B, S, H], [B, 1, 1, S] or None -> [B, S, H]
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        if self.implementation == "sdpa":
            rate = self.dropout.p if self.training else 0.0
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=rate)
        else:
            scores = torch.matmul(query, key.transpose(2, 3)) * query.shape[-1] ** -0.5
            if mask is not None:
                scores = scores + mask
            context = torch.matmul(self.dropout(F.softmax(scores, dim=-1)), value)
        return context.transpose(1, 2).reshape(x.shape)


class Output(nn.Module):
    """Dense, dropout, then LayerNorm of the sum with the residual."""

    def __init__(self, config, size):
        super().__init__()
        self.dense = nn.Linear(size, config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])
        self.dropout = nn.Dropout(config["hidden_dropout_prob"])

    def forward(self, x, residual):
        return self.LayerNorm(self.dropout(self.dense(x)) + residual)


class Attention(nn.Module):
    def __init__(self, config, implementation):
        super().__init__()
        self.self = SelfAttention(config, implementation)
        self.output = Output(config, config["hidden_size"])

    def forward(self, x, mask):
        return self.output(self.self(x, mask), x)


class Intermediate(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config["hidden_size"], config["intermediate_size"])
        self.activation = ACTIVATIONS[config["hidden_act"]]

    def forward(self, x):
        return self.activation(self.dense(x))


class Layer(nn.Module):
    def __init__(self, config, implementation):
        super().__init__()
        self.attention = Attention(config, implementation)
        self.intermediate = Intermediate(config)
        self.output = Output(config, config["intermediate_size"])

    def forward(self, x, mask):
        attended = self.attention(x, mask)
        return self.output(self.intermediate(attended), attended)


class Encoder(nn.Module):
    def __init__(self, config, implementation):
        super().__init__()
        self.layer = nn.ModuleList(Layer(config, implementation) for _ in range(config["num_hidden_layers"]))

    def forward(self, x, mask):
        for layer in self.layer:
            x = layer(x, mask)
        return x


class Pooler(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config["hidden_size"], config["hidden_size"])

    def forward(self, x):  # [B, S, H] -> [B, H]
        return torch.tanh(self.dense(x[:, 0]))


class Bert(nn.Module):
    def __init__(self, config, implementation):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config, implementation)
        self.pooler = Pooler(config)

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.embeddings(input_ids, token_type_ids)
        return self.pooler(self.encoder(x, additive_mask(attention_mask, x.dtype)))


def additive_mask(attention_mask, dtype):
    """[B, S] of 0 and 1 -> [B, 1, 1, S] of float32's lowest number and 0; None when nothing is padded, as in SDPA's
    path of transformers (there is nothing to add)."""
    if attention_mask is None:
        return None
    return (1.0 - attention_mask[:, None, None, :].to(dtype)) * torch.finfo(torch.float32).min


class BertForSequenceClassification(nn.Module):
    def __init__(self, config, implementation="eager"):
        super().__init__()
        rate = config.get("classifier_dropout")
        self.bert = Bert(config, implementation)
        self.dropout = nn.Dropout(config["hidden_dropout_prob"] if rate is None else rate)
        self.classifier = nn.Linear(config["hidden_size"], len(config["id2label"]))

    def forward(self, input_ids, attention_mask, token_type_ids):  # [B, S] each -> logits [B, labels]
        return self.classifier(self.dropout(self.bert(input_ids, attention_mask, token_type_ids)))


def initialise(model, generator, std=0.02):
    """Hugging Face's initialisation: normal(0, std) weights, zero biases, LayerNorm one and zero."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "LayerNorm.weight" in name:
                parameter.fill_(1.0)
            elif name.endswith("bias"):
                parameter.zero_()
            else:
                parameter.normal_(0.0, std, generator=generator)


def parameter_groups(model, weight_decay):
    """No decay on biases and LayerNorm weights, as the BERT authors and the usual recipe have it."""
    decayed, others = [], []
    for name, parameter in model.named_parameters():
        exempt = name.endswith("bias") or "LayerNorm.weight" in name
        (others if exempt else decayed).append(parameter)
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
