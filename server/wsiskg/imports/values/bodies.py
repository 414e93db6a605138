"""Kinds of bodies behind a project, grades of a prize: a closed list each, in the words of six languages."""

from collections.abc import Mapping

from wsiskg.tables.recognise.folding import compatible
from wsiskg.tables.recognise.names import Names

__all__ = ["read_grade", "read_stakeholder_type"]

_TYPES: Mapping[str, tuple[str, ...]] = {
    "government": (
        "government", "governments", "governmental", "public sector", "public", "public administration", "ministry",
        "government agency", "governmental organisation", "public authority", "local government", "regulator",
        "gouvernement", "gouvernements", "secteur public", "administration publique", "ministère", "gobierno",
        "gobiernos", "sector público", "administración pública", "правительство", "государственный сектор",
        "государственная организация", "правительства", "حكومة", "الحكومة", "الحكومات", "حكومي", "القطاع العام", "政府",
        "政府部门", "公共部门",
    ),
    "private-sector": (
        "private sector", "private", "business", "business entity", "business entities", "business sector", "company",
        "industry", "enterprise", "secteur privé", "entreprise", "entreprises", "entité commerciale",
        "entités du secteur privé", "sector privado", "empresa", "empresas", "entidades empresariales",
        "частный сектор", "бизнес", "коммерческая организация", "القطاع الخاص", "شركة", "الشركات", "私营部门", "企业",
        "私营企业", "商业实体",
    ),
    "civil-society": (
        "civil society", "ngo", "ngos", "non-governmental organisation", "non-governmental organization",
        "non governmental organisations", "nonprofit", "non-profit", "non profit organisation", "cso", "npo",
        "non profit organization", "civil society organisation", "civil society organization", "société civile", "ong",
        "organisation non gouvernementale", "association", "sociedad civil", "organización no gubernamental",
        "organización de la sociedad civil", "гражданское общество", "нпо", "неправительственная организация",
        "المجتمع المدني", "منظمة غير حكومية", "民间团体", "民间社会", "公民社会", "非政府组织",
    ),
    "international-organisation": (
        "international organisation", "international organization", "international organisations",
        "international organizations", "intergovernmental organisation", "intergovernmental organization", "igo",
        "international", "un agency", "united nations", "regional organisation", "regional organization",
        "international and regional organizations", "organisation internationale", "organisations internationales",
        "organización internacional", "organizaciones internacionales", "международная организация",
        "международные организации", "منظمة دولية", "المنظمات الدولية", "国际组织", "政府间组织",
    ),
    "academia": (
        "academia", "academic", "university", "academic institution", "research institute", "research institution",
        "educational institution", "school", "academia and research", "université", "universités",
        "milieu universitaire", "établissement universitaire", "institut de recherche", "universidad",
        "mundo académico", "instituciones académicas", "sector académico", "университет", "академические круги",
        "академическая организация", "научная организация", "جامعة", "الأوساط الأكاديمية", "أكاديمي", "学术界", "大学",
        "学术机构", "高校",
    ),
    "other": ("other", "others", "autre", "autres", "otro", "otros", "другое", "прочее", "أخرى", "其他"),
}  # fmt: skip
_GRADES: Mapping[str, tuple[str, ...]] = {
    "winner": (
        "winner", "winners", "winning project", "prize winner", "prize-winner", "wsis prize winner", "won",
        "lauréat", "lauréats", "gagnant", "vainqueur", "ganador", "ganadores", "победитель", "победители", "лауреат",
        "فائز", "الفائز", "获奖者", "获奖", "优胜者",
    ),
    "champion": (
        "champion", "champions", "wsis champion", "prize champion", "prize-champion", "runner-up", "runner up",
        "campeón", "campeones", "чемпион", "чемпионы", "بطل", "冠军", "卓越项目",
    ),
    "nominee": (
        "nominee", "nominees", "nominated", "nominated project", "nomination", "prize nominee", "prize-nominee",
        "nommé", "nominé", "projet nominé", "nominado", "nominados", "номинант", "номинанты", "مرشح", "提名", "入围",
        "提名项目",
    ),
}  # fmt: skip


def _closed(words: Mapping[str, tuple[str, ...]]) -> Names:
    return Names((code, name) for code, names in words.items() for name in (code, *names))


_TYPE_NAMES, _GRADE_NAMES = _closed(_TYPES), _closed(_GRADES)


def read_stakeholder_type(text: str) -> str:
    """Return the stakeholder type of our list that ``text`` names, empty if it names none."""
    return _only(_TYPE_NAMES, text)


def read_grade(text: str) -> str:
    """Return ``winner``, ``champion`` or ``nominee``, empty if ``text`` is none of them in any language."""
    return _only(_GRADE_NAMES, text)


def _only(names: Names, text: str) -> str:
    found = names.find(compatible(text))
    return found[0] if len(found) == 1 else ""
