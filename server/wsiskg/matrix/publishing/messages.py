"""What is said of a publication that cannot be, or needs a second look, in English, French and Spanish."""

from collections.abc import Mapping

from wsiskg.model.messages import Catalogue

__all__ = ["MESSAGES", "REMEDY", "problem"]

REMEDY = "Correct the proposals, and publish again."
"""What to do about violations."""

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "unsupported": {
        "en": "{pair}: the policy asks for more evidence. Withdraw the proposal, or uphold it and say why: in the "
        "columns of the decision, or with --override {pair}=REASON. {findings}",
        "fr": "{pair} : la politique demande davantage de preuves. Retirez la proposition, ou maintenez-la en disant "
        "pourquoi : dans les colonnes de la décision, ou avec --override {pair}=MOTIF. {findings}",
        "es": "{pair}: la política pide más pruebas. Retire la propuesta, o manténgala y diga por qué: en las columnas "
        "de la decisión, o con --override {pair}=MOTIVO. {findings}",
    },
    "needless": {
        "en": "{pair}: the evidence meets the policy, so there is nothing to uphold, and no decision is recorded.",
        "fr": "{pair} : les preuves suffisent au regard de la politique ; il n'y a donc rien à maintenir, et aucune "
        "décision n'est consignée.",
        "es": "{pair}: las pruebas bastan según la política, así que no hay nada que mantener y no se registra "
        "ninguna decisión.",
    },
    "session-open": {
        "en": "HLPF {hlpf} is not on record as held yet. Publish after it, or correct its state in "
        "wsis/hlpf_sessions.csv.",
        "fr": "Rien n'indique que la session {hlpf} du FPHN se soit déjà tenue. Publiez après la session, ou corrigez "
        "son état dans wsis/hlpf_sessions.csv.",
        "es": "No consta que la sesión {hlpf} del FPAN se haya celebrado ya. Publique después de ella, o corrija su "
        "estado en wsis/hlpf_sessions.csv.",
    },
}

problem = Catalogue(MESSAGES).problem
"""Return the problem that a rule of this catalogue was broken."""
