package dev.ortune.exporter.verify;

import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.util.ArrayList;
import java.util.List;

/** Texts of many kinds for models whose data nobody has at hand: short, long, punctuated, accented, in other scripts. */
final class BuiltinSentences {
    private static final List<String> SUBJECTS = List.of(
            "The lawyer",
            "My youngest sister",
            "Nobody in the village",
            "Each of the students",
            "A cat",
            "The old ferry",
            "What she wrote",
            "Two thirds of the voters",
            "It",
            "The orchestra's conductor");
    private static final List<String> PREDICATES = List.of(
            "has been waiting for an answer since Monday.",
            "sold the piano to a man with a red beard!",
            "will, I think, never agree to that.",
            "arrive yesterday in the station of.",
            "was seen by everyone who had come early.",
            "costs $1,299.50 (tax included), doesn't it?",
            "made the children happier than anything else could.",
            "is \"a masterpiece\"; the rest is not worth your time.",
            "rained.",
            "knows which of the books were sold and which were given away.");
    private static final List<String> OTHERS = List.of(
            "a",
            "?",
            "...",
            "OK",
            "No!",
            "123 456 789",
            "e = mc²",
            "naïve café, façade, jalapeño, Ångström, œuvre",
            "Zażółć gęślą jaźń.",
            "Привет, как дела?",
            "Γειά σου Κόσμε",
            "مرحبا بالعالم",
            "你好，世界。",
            "今日はいい天気ですね。",
            "안녕하세요 세계",
            "नमस्ते दुनिया",
            "👍🏽 great 🎉🎉",
            "👩‍👩‍👧‍👦 is one family",
            "e\u0301 is not \u00e9 to a computer",
            "word\u200bword",
            "http://example.org/a?b=c&d=e#f",
            "name@example.org",
            "#hashtag @mention",
            "Supercalifragilisticexpialidocious antidisestablishmentarianism",
            "ALL CAPITALS ARE LOUD",
            "    spaces   everywhere   ",
            "one-two—three–four",
            "it's 'quoted' “like” «this»",
            "<b>bold</b> &amp; so on",
            "C++ and C# are not C");

    private BuiltinSentences() {}

    /** Each of them with those behind it to choose from: two, three or four. */
    static List<LabelledText> choices() {
        List<LabelledText> texts = texts();
        List<LabelledText> choices = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            List<String> others = new ArrayList<>();
            for (int next = 1; next <= 2 + i % 3; next++) {
                others.add(texts.get((i + next) % texts.size()).text());
            }
            choices.add(new LabelledText(texts.get(i).text(), null, -1, others));
        }
        return choices;
    }

    static List<LabelledText> texts() {
        List<LabelledText> texts = new ArrayList<>();
        for (String subject : SUBJECTS) {
            PREDICATES.forEach(predicate -> texts.add(new LabelledText(subject + " " + predicate, null, -1)));
        }
        OTHERS.forEach(text -> texts.add(new LabelledText(text, null, -1)));
        return texts;
    }
}
