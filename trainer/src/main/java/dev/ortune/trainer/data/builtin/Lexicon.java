package dev.ortune.trainer.data.builtin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The words of the built-in set by class. Classes keep sentences sensible: a verb names the nouns that can be its
 * object. Verbs whose base, past and participle look alike (cut, read, come) are left out: with them the unacceptable
 * sentence of a pair could be acceptable.
 */
final class Lexicon {
    private final Map<String, List<Lexeme>> classes = new HashMap<>();

    Lexicon() {
        nouns();
        verbs();
        adjectives();
    }

    /** The words of a class. */
    List<Lexeme> of(String name) {
        List<Lexeme> words = classes.get(name);
        if (words == null) {
            throw new IllegalArgumentException("there is no word class " + name);
        }
        return words;
    }

    private void nouns() {
        add("mname", Lexeme::word, "john bill peter tom david jack paul mark henry george martin simon");
        add("fname", Lexeme::word, "mary susan anna lisa kate emma julia sarah alice helen laura nancy");
        join("name", "mname", "fname");
        add("male", Lexeme::noun, "man/men boy king uncle father prince grandfather gentleman/gentlemen waiter actor");
        add("female", Lexeme::noun, "woman/women girl queen aunt mother princess grandmother lady waitress actress");
        add("brother", Lexeme::noun, "brother father uncle grandfather son nephew");
        add("sister", Lexeme::noun, "sister mother aunt grandmother daughter niece");
        add("mine", Lexeme::noun, "brother sister uncle aunt cousin friend neighbor teacher doctor lawyer");
        add("job", Lexeme::noun, """
                teacher student doctor nurse lawyer farmer artist singer driver pilot baker author guest neighbor judge
                soldier sailor dancer painter manager officer customer tourist player worker""");
        add("boy", Lexeme::noun, "child/children boy girl man/men woman/women");
        join("person", "job", "boy");
        add(
                "animal",
                Lexeme::noun,
                "dog cat horse bird cow goat wolf/wolves lion duck rabbit monkey mouse/mice donkey fox");
        add("thing", Lexeme::noun, """
                box key cup lamp bottle bag hat coat clock knife/knives bell basket ball mirror candle blanket
                umbrella""");
        add("clothes", Lexeme::noun, "hat coat scarf/scarves dress jacket shirt");
        add("document", Lexeme::noun, "book letter report poem story essay article novel");
        add("food", Lexeme::noun, "apple cake sandwich potato pie cookie pear egg banana carrot");
        add("vehicle", Lexeme::noun, "car truck bus van tractor taxi");
        add("furniture", Lexeme::noun, "table chair shelf/shelves bench desk bed");
        add(
                "town",
                Lexeme::noun,
                "office park school village market hotel library museum theater church restaurant hospital station");
        add("room", Lexeme::noun, "garden kitchen house");
        join("place", "town", "room");
        add("outdoors", Lexeme::noun, "garden park village barn forest field yard valley");
        add("mass", Lexeme::word, "water rice milk sugar bread furniture luggage butter flour");
    }

    private void verbs() {
        add(
                "vi",
                Lexeme::verb,
                "sleep/slept smile laugh wait complain cry sneeze cough yawn dance sing/sang/sung work");
        // Can have no object.
        add("strict", Lexeme::verb, """
                sleep/slept smile arrive hesitate faint sneeze yawn fall/fell/fallen snore complain kneel/knelt shiver
                giggle stumble""");
        // Not on purpose; nothing that one does to others.
        add("happen", Lexeme::verb, "fall/fell/fallen faint sneeze yawn smile arrive hesitate shiver stumble");
        // On purpose, and for a while.
        add("act", Lexeme::verb, "sing/sang/sung dance work complain study cook play talk wait rest paint walk");
        add("motion", Lexeme::verb, "go/went/gone walk drive/drove/driven return travel hurry ride/rode/ridden");
        add("vt", Lexeme::verb, TRANSITIVE);
        // Past and participle differ.
        add("irr", Lexeme::verb, """
                break/broke/broken:thing steal/stole/stolen:thing take/took/taken:thing hide/hid/hidden:thing
                throw/threw/thrown:thing choose/chose/chosen:thing forget*/forgot/forgotten:thing
                drive/drove/driven:vehicle write/wrote/written:document eat/ate/eaten:food see/saw/seen:animal
                draw/drew/drawn:animal wear/wore/worn:clothes""");
        // Must have an object.
        add("needy", Lexeme::verb, """
                devour:food repair:vehicle fix:vehicle damage:vehicle mention:document
                describe:document borrow:document find/found:thing examine:thing wear/wore/worn:clothes
                bring/brought:thing""");
        add("help", Lexeme::verb, "help thank admire praise follow invite warn watch greet trust blame visit meet/met");
        add("refl", Lexeme::verb, "blame admire praise defend describe introduce criticize protect embarrass");
        add("dat", Lexeme::verb, """
                give/gave/given:thing send/sent:document show/showed/shown:document lend/lent:thing offer:food
                hand:thing""");
        add("send", Lexeme::verb, "give/gave/given send/sent show/showed/shown lend/lent hand");
        // Takes no second object, only one with "to".
        add("explain", Lexeme::verb, "explain describe mention donate dedicate");
        add("like", Lexeme::verb, "like love hate want need");
        add("toverb", Lexeme::verb, "want hope decide promise refuse agree manage");
        add("ingverb", Lexeme::verb, "enjoy avoid finish keep/kept suggest consider");
    }

    private void adjectives() {
        add("adj", Lexeme::word, """
                happy tired hungry angry kind clever nervous lazy polite rich busy sad honest brave calm famous proud
                thirsty""");
        add("short", Lexeme::adjective, "tall old young kind strong fast short rich brave smart weak happy lazy nice");
        // Too long for endings: "more careful", never "carefuler".
        add(
                "long",
                Lexeme::adjective,
                "careful famous nervous generous intelligent beautiful patient talented popular helpful");
        add("look", Lexeme::word, "small big large expensive beautiful strange old");
        add("color", Lexeme::word, "red green blue yellow black white dirty new");
        add("adv", Lexeme::word, "quickly slowly carefully quietly loudly politely");
    }

    private static final String TRANSITIVE = """
            carry:thing clean:thing break/broke/broken:thing buy/bought:thing steal/stole/stolen:thing drop*:thing
            lose/lost:thing find/found:thing hide/hid/hidden:thing take/took/taken:thing throw/threw/thrown:thing
            sell/sold:vehicle wash:vehicle drive/drove/driven:vehicle repair:vehicle paint:furniture move:furniture
            write/wrote/written:document study:document borrow:document eat/ate/eaten:food serve:food chase:animal
            feed/fed:animal see/saw/seen:animal draw/drew/drawn:animal wear/wore/worn:clothes""";

    private void add(String name, Function<String, Lexeme> kind, String entries) {
        classes.put(name, Stream.of(entries.split("\\s+")).map(kind).toList());
    }

    private void join(String name, String one, String other) {
        classes.put(name, Stream.concat(of(one).stream(), of(other).stream()).toList());
    }
}
