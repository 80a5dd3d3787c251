"""Two brands that write differently, and what people decided about proposals: invented for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sillage.governance.engine.actors import Actor
from sillage.studio.actions.voice_texts import add_texts, choose_examples
from sillage.studio.actions.voices import open_voice, promote_voice, train_voice
from sillage.studio.engine.edits import edits
from sillage.studio.models import Choice, Text, Voice

CALM = (
    "Bonjour à vous. Notre sérum se pose le soir, sur une peau propre. Vous le trouverez dans nos boutiques. À bientôt.",
    "Bonjour à vous. Votre peau change avec la saison, et nos soins la suivent. Prenez le temps de la regarder. À bientôt.",
    "Bonjour à vous. Nous avons allégé la formule, sans parfum ajouté. Votre avis nous aidera à la finir. À bientôt.",
    "Bonjour à vous. Le savon d’Aube se garde un an, à l’abri de la lumière. Votre salle de bains vous remerciera. À bientôt.",
    "Bonjour à vous. Onze ingrédients suffisent, et nous les nommons tous. Vous les lirez au dos du flacon. À bientôt.",
    "Bonjour à vous. Nos ateliers ouvrent samedi, de dix heures à midi. Nous vous y montrerons la presse. À bientôt.",
)
LOUD = (
    "COUCOU LES FILLES !!! 😍😍 t’as vu le nouveau gloss ?? fonce fonce fonce !! #gloss #love",
    "Trop hâte !!! 🎉 ton haul de rentrée il est OÙ ?? montre-moi tout 😍 #haul",
    "Promo de OUF ce soir !! t’es prête ?? 🔥🔥 clique vite ton code est en bio #promo #love",
    "OMG ce blush 😍😍😍 tu vas l’adorer promis !! dis-moi ta teinte #blush",
)
LIKE_CALM = (
    "Bonjour à vous. Notre baume se pose le matin, sur une peau propre. Vous le trouverez en boutique. À bientôt."
)


def opened(actor: Actor, now: datetime, name: str = "Aube", texts: tuple[str, ...] = CALM) -> Voice:
    """A voice with texts, not trained."""
    voice = open_voice(name=name, language="fr", brand="Aube", actor=actor, now=now)
    if texts:
        add_texts(voice_id=voice.pk, texts=texts, actor=actor, now=now)
    return voice


def in_use(actor: Actor, now: datetime, name: str = "Aube", texts: tuple[str, ...] = CALM) -> Voice:
    """A voice that was trained and put to use."""
    voice = opened(actor, now, name, texts)
    train_voice(voice_id=voice.pk, actor=actor, now=now)
    return promote_voice(voice_id=voice.pk, number=1, actor=actor, now=now)


def decided(voice: Voice, now: datetime, proposed: str, final: str = "", minute: int = 0) -> Choice:
    """What a person chose (with `final`) or refused of a machine's proposal."""
    text = Text.objects.create(
        workspace_id=voice.workspace_id,
        voice=voice,
        title="T",
        kind="message",
        language="fr",
        created_at=now,
        changed_at=now,
    )
    return Choice.objects.create(
        workspace_id=voice.workspace_id,
        text=text,
        voice=voice,
        word="chosen" if final else "refused",
        number=1,
        made_by={"origin": "template", "name": "composer", "version": "1"},
        proposed=proposed,
        final=final,
        distance=edits(proposed, final).kept() if final else {},
        decided_at=now + timedelta(minutes=minute),
    )


def many_decided(voice: Voice, now: datetime, n: int = 12) -> None:
    """In turn a loud proposal refused and a calm one chosen after an edit; each text its own."""
    for at in range(n):
        if at % 2:
            decided(voice, now, f"{LOUD[at % len(LOUD)]} n°{at}", minute=at)
        else:
            calm = f"Bonjour à vous. Le soin numéro {at} se pose le soir. Vous le trouverez à Lyon. À bientôt."
            decided(voice, now, calm.replace(". À bientôt.", " !! 😍"), calm, minute=at)


def voice_places(actor: Actor, now: datetime) -> dict[str, int]:
    """A voice in use, with an example: for tests that call every endpoint and open every page."""
    voice = in_use(actor, now)
    text = voice.training_texts.order_by("pk")[0]
    choose_examples(voice_id=voice.pk, text_ids=[text.pk], actor=actor, now=now)
    return {"voice_id": voice.pk, "voice_text_id": text.pk}
