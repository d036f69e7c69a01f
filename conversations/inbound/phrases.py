"""The intents of replies that an installation begins with, in English and German; staff change them in the admin."""

from typing import Final

from django.utils.translation import gettext_noop as _

# By key: the name, and its phrases as `conversations.inbound.intents` reads them.
BUILT_IN: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "positive": (_("Positive"), (
        "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "absolutely", "definitely", "gladly", "great",
        "perfect", "awesome", "excellent", "wonderful", "sounds good", "sounds great", "looks good",
        "not bad", "works for me", "that works", "interested", "i agree", "agreed", "i'm in", "count me in",
        "sign me up", "let's do it", "let's do that", "i'd love to", "would love to", "love it", "like it",
        "looking forward", "can't wait", "why not", "no problem", "no worries", "happy to",
        "ja", "jep", "jawohl", "gern", "gerne", "sehr gerne", "klar", "na klar", "sicher", "natürlich", "unbedingt",
        "auf jeden fall", "super", "toll", "prima", "perfekt", "klasse", "sehr gut", "nicht schlecht",
        "klingt gut", "hört sich gut an", "passt", "passt mir", "passt gut", "interessiert", "habe interesse",
        "interesse", "einverstanden", "bin dabei", "wir sind dabei", "machen wir", "freue mich", "ich freue mich",
        "freuen uns", "warum nicht", "kein problem", "kein ding",
    )),
    "negative": (_("Negative"), (
        "no", "nope", "nah", "no thanks", "no thank you", "not interested", "no interest", "not for me", "not for us",
        "no need", "too expensive", "too late", "can't afford", "bad", "terrible", "awful", "disappointed",
        "disappointing", "unhappy", "angry", "annoyed", "annoying", "waste of time", "complain", "complaint",
        "doesn't work", "don't want", "do not want", "don't like", "changed my mind", "already have one",
        "found something else", "must decline", "have to decline", "cancel",
        "nein", "nö", "nein danke", "kein interesse", "nicht interessiert", "kein bedarf", "keinen bedarf",
        "nichts für mich", "nichts für uns", "zu teuer", "zu spät", "schlecht", "schrecklich", "furchtbar",
        "enttäuscht", "enttäuschend", "unzufrieden", "verärgert", "ärgerlich", "zeitverschwendung", "beschwer*",
        "funktioniert nicht", "geht nicht", "klappt nicht", "will nicht", "möchte nicht", "möchten nicht",
        "gefällt mir nicht", "leider nicht", "lieber nicht", "anders entschieden",
        "absage", "absagen", "stornieren",
    )),
    "question": (_("Question"), (
        "?", "how much", "how many", "how long", "how do i", "how does", "how can i", "what is", "what are",
        "what does", "what time", "when can", "when do", "when is", "where is", "where do", "which one", "who is",
        "can you tell me", "could you tell me", "can you send me", "could you send me", "do you have", "do you offer",
        "is there", "are there", "more information", "more details", "i wonder", "question", "questions",
        "wie viel", "wieviel", "wie viele", "wie lange", "wie geht", "wie funktioniert", "wie kann ich", "was ist",
        "was kostet", "was kosten", "was bedeutet", "wann kann", "wann können", "wann ist", "wo ist", "wo finde",
        "welche", "welcher", "welches", "können sie mir", "könnten sie mir", "kannst du mir", "haben sie",
        "bieten sie", "gibt es", "mehr informationen", "nähere informationen", "frage", "fragen",
    )),
    "later": (_("Later, or undecided"), (
        "later", "not sure", "let me think", "need to think", "not now", "not yet", "not today", "not this week",
        "not this month", "next week", "next month", "next year", "another time", "some other time",
        "at the moment not", "right now i can't", "too busy", "remind me", "get back to you", "ask me again",
        "try again in", "after the holidays", "on holiday", "on vacation", "in a few weeks", "in a few months",
        "später", "nicht sicher", "muss überlegen", "muss noch überlegen", "noch unentschlossen", "nicht jetzt",
        "jetzt nicht", "noch nicht", "heute nicht", "momentan nicht", "im moment nicht", "derzeit nicht",
        "zurzeit nicht", "aktuell nicht", "nächste woche", "nächsten monat", "nächstes jahr", "ein andermal",
        "ein anderes mal", "keine zeit", "erinnern sie mich", "erinnere mich", "melde mich", "melden uns",
        "nach dem urlaub", "im urlaub", "in ein paar wochen", "in ein paar monaten",
    )),
    "callback": (_("Wants a call"), (
        "call me", "give me a call", "phone me", "ring me", "call back", "please call", "talk to someone",
        "talk to somebody", "speak to someone", "speak to somebody", "talk to a person", "speak to a person",
        "a real person", "let's talk", "let's have a call",
        "rufen sie mich", "ruf mich", "ruft mich", "rufen sie an", "rufen sie bitte", "bitte anrufen",
        "bitte um rückruf", "um rückruf", "rückruf", "anruf", "zurückrufen", "mit jemandem sprechen",
        "mit einem menschen", "lassen sie uns telefonieren", "telefonieren",
    )),
    "stop": (_("Wants to be left alone"), (
        "stop", "unsubscribe", "opt out", "remove me", "take me off", "leave me alone", "stop writing", "stop texting",
        "stop calling", "stop emailing", "stop sending", "stop contacting", "don't contact me", "do not contact",
        "don't write", "don't text", "don't call", "do not write", "do not text", "do not call", "never contact",
        "no more messages", "no more emails", "no more mails", "delete my data", "delete my number", "spam",
        "stopp", "abmelden", "austragen", "abbestellen", "lassen sie mich in ruhe", "lass mich in ruhe", "in ruhe",
        "hören sie auf", "hör auf", "aufhören", "schreiben sie mir nicht", "nicht mehr schreiben",
        "nicht mehr anrufen", "nicht mehr kontaktieren", "keine mails mehr", "keine nachrichten mehr",
        "keine werbung", "löschen sie meine", "daten löschen", "nummer löschen",
    )),
    "wrong_person": (_("Wrong person"), (
        "wrong number", "wrong person", "wrong address", "who is this", "who are you", "you have the wrong",
        "don't know you", "no longer work", "no longer works", "doesn't work here", "left the company",
        "falsche nummer", "falsche person", "falsche adresse", "falschen nummer", "wer ist da", "wer sind sie",
        "wer bist du", "verwechselt", "verwechseln", "kenne sie nicht", "nicht mehr im unternehmen",
        "nicht mehr bei uns", "arbeitet nicht mehr",
    )),
}  # fmt: skip
