"""The texts behind make_tokenizers.py: what the tokenizers are trained on, and the odd ones that they are tried on."""

from make_tokens import TEXTS

# Written for this purpose.
TRAINING = """
The ferry to the island leaves at seven in the morning and comes back when the tide allows it. Nobody on the quay was
surprised that the old captain had forgotten his hat again; he forgets it every Tuesday, and every Wednesday he buys a
new one. "Don't wait for me," he said, "I'll follow with the second boat." We didn't wait, and we weren't sorry.
In the village there are three bakeries, two churches and one library, whose opening hours (10:00-12:30, 14:00-18:00)
nobody remembers. The librarian's daughter runs the kitchen of the only hotel. Her soup costs 4.50, her bread is free,
and her cakes are better than they look. It's said that a traveller from Zürich once stayed for a week because of them.
What the children like best is running down the dunes, counting the waves and hiding from their teachers. They're never
caught. The teachers, who know all the hiding places, are running slower than they could.
Der Zug nach Zürich hält heute nicht in Grünwald, weil die Brücke über den Fluss repariert wird. Die Fahrgäste trinken
Kaffee, ärgern sich ein wenig und schreiben große Briefe an die Straßenbahngesellschaft. Überübermorgen fährt er wieder.
Le café de la gare est ouvert jusqu'à minuit. L'été dernier, on y servait déjà une tarte aux pêches qu'il fallait goûter,
et la propriétaire jouait de l'accordéon. Où est-elle allée ? Personne ne le sait, et c'est dommage.
Mañana el niño comerá piñones; su señora tía prefiere las cigüeñas. Zażółć gęślą jaźń, powiedział źrebak.
Паром уходит на рассвете, и капитан опять забыл шапку. Η θάλασσα είναι ήσυχη και ο ουρανός γαλανός.
渡船早上七点离开，船长又忘了帽子。今日は海が静かです。배는 아침 일곱 시에 떠난다. השמש זורחת. البحر هادئ اليوم.
Measured in numbers: 1, 2, 3, 10, 42, 1999, 2024; 3.14159; 50 %; a@b.example; https://ferry.example/times?day=2#top 😀🎉
"""

# What the trainer's make_tokens.py does not try: words beside punctuation, blanks, spellings of special tokens, numbers.
ODD = TEXTS + [
    "The ferry leaves at seven.", "the captain forgot his hat again", "Don't", "don't wait, I'll follow", "it's 'quoted'",
    "we weren't sorry; they're never caught!", "Zürich", "ZÜRICH", "Zu\u0308rich", "Straßenbahn", "Grünwald über alles",
    "L'été dernier, jusqu'à minuit", "déjà-vu", "Où est-elle ?", "Mañana", "Zażółć gęślą", "Паром уходит", "θάλασσα",
    "渡船早上七点", "今日は海が静か", "배는 아침", "השמש זורחת", "البحر هادئ", "😀🎉", "😀", "a😀b", "🎉 party 🎉", "1999", "3.14159", "50 %",
    "10:00-12:30", "a@b.example", "https://ferry.example/times?day=2#top", "one  two   three", " leading", "trailing ",
    "\tboth\t", "line\nbreak", "line\r\nbreak", "\n\nthe\n\n", "no\u00a0break", "thin\u2009space", "full\u3000width", "ｆｅｒｒｙ",
    "ﬁsh", "½ price", "™®", "e=mc²", "H₂O", "…", "...", "—", "--", "(a)", "[b]", "{c}", "<d>", "a/b\\c", "a_b", "_", "▁", "▁the",
    "the▁ferry", "Ġ", "Ġthe", "Ċ", "##s", "the##s", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "the <mask> leaves", "the<mask>leaves",
    "<s> the </s>", "[MASK]", "[SEP]", "the [MASK] leaves", "[UNK] [PAD]", "x" * 60, "ferry" * 8, "qzjxvk", "ẞ", "İstanbul", "Ǆ",
    "naïve", "cliché", "\u0301ferry", "fe\u0301rry", "I\u0307", "𝔣𝔢𝔯𝔯𝔶", "a\u200db", "a\u200cb", "👩🏽‍🚀", "🇨🇭", "1️⃣",
    "ferry\u00ad", "\u200eferry", "&amp;", "%20", "$4.50", "€4", "#1", "@home", "~", "`a`", "a^b", "a|b", "+1", "-1", "x*y",
    "The", "THE", "tHe", "the", " the", "the the the", "thethe", "the-the", "the.the", "the,the", "s", "'s", "n't", "'",
]  # fmt: skip

PAIRS = [
    ("the ferry", "leaves at seven"), ("", "the ferry"), ("the ferry", ""), ("", ""), ("Zürich", "😀"), ("a", "the the the the"),
    ("Don't wait for me", "I'll follow"), (" the", " the"), ("the ", "the "), ("<s>", "</s>"), ("[SEP]", "[CLS]"),
    ("渡船", "배는"), ("1999", "3.14159"), ("the captain forgot his hat", "nobody was surprised that he had"),
]  # fmt: skip

# For every length from nothing but special tokens to all of it: short before long, long before short, alike, alone.
CUT = [
    ("the captain had forgotten his hat again", "nobody"), ("nobody", "the captain had forgotten his hat again"),
    ("in the morning", "when the tide allows"), ("the the the the", "the the the the"), ("the the the the", "the the the the the"),
    ("the the the the the", "the the the the"), ("a", "b"), ("", "the ferry leaves"), ("the ferry leaves", ""),
    ("the ferry leaves at seven", None), ("Zürich 😀", None), ("", None),
]  # fmt: skip

WORDS = [
    [], [""], ["the"], ["the", "ferry"], ["The", "ferry", "leaves", "."], ["don't"], ["don't", "wait"], ["do", "n't", "wait", "!"],
    ["Zürich"], ["Zürich", "is", "far", "."], ["Zu\u0308rich"], ["ZÜRICH", "HB"], ["😀"], ["the", "😀", "ferry"], ["👩🏽‍🚀", "🇨🇭"], ["", "the"],
    ["the", ""], ["the", "", "ferry"], ["", ""], ["", "", "the", "", ""], [" "], ["the", " ", "ferry"], ["\t"], ["the ferry", "leaves"],
    [" the"], ["the "], ["the", " ferry"], ["antidisestablishmentarianism"], ["Straßenbahngesellschaft", "GmbH"], ["x" * 101, "the"],
    ["x" * 60], [".", ",", ";", ":", "!", "?"], ["(", "a", ")"], ["'", "s"], ["it", "'s"], ["...", "…"], ["--", "—"], ["a/b"],
    ["10:00-12:30"], ["1999", ",", "2024"], ["3.14159"], ["50", "%"], ["$", "4.50"], ["a@b.example"], ["https://ferry.example/times"],
    ["渡船", "早上", "七点"], ["今日は"], ["배는", "아침"], ["Паром", "уходит"], ["θάλασσα"], ["השמש"], ["البحر", "هادئ"], ["<s>", "the", "</s>"],
    ["[MASK]", "the"], ["<mask>"], ["the", "<mask>", "."], ["▁", "▁the"], ["Ġ", "Ġthe"], ["##s"], ["\u0301", "the"], ["\u200b", "the"],
    ["\u00ad"], ["\u00a0", "the"], ["a\0b"], ["\ufffd"], ["ﬁsh", "½"], ["the"] * 12,
]  # fmt: skip
