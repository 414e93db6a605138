"""What a column of an export may hold, and what such columns are called in the six languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from wsiskg.tables.recognise.names import Names

__all__ = ["FIELDS", "IGNORE", "KEEP", "PERSONAL", "Field", "Kind", "fields_of", "find_header"]

KEEP, PERSONAL, IGNORE = "keep", "personal", "ignore"
"""What else a mapping may say of a column: kept as given, dropped because it is about persons, passed over."""


class Kind(Enum):
    """What an export is of; the value is the name of the command and of its mapping file."""

    STOCKTAKING = "stocktaking"
    PRIZES = "prizes"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. ``headers`` are recognised in any language."""

    name: str
    headers: tuple[str, ...]
    only: Kind | None = None


FIELDS: tuple[Field, ...] = (
    Field("id", (
        "id", "project id", "record id", "record", "entry id", "reference", "reference number", "submission id",
        "activity id", "number", "no", "identifiant", "identifiant du projet", "numéro", "référence",
        "numéro de référence", "identificador", "id del proyecto", "número", "referencia", "идентификатор",
        "номер", "номер проекта", "ид", "المعرف", "رقم", "رقم المشروع", "编号", "项目编号", "序号",
    )),
    Field("title", (
        "title", "project title", "project name", "name", "project", "name of project", "title of project",
        "title of the project", "activity title", "project title english", "titre", "titre du projet", "nom du projet",
        "intitulé", "intitulé du projet", "projet", "título", "titulo del proyecto", "nombre del proyecto", "nombre",
        "proyecto", "название", "название проекта", "наименование", "наименование проекта", "проект", "العنوان",
        "عنوان المشروع", "اسم المشروع", "المشروع", "名称", "项目名称", "标题", "项目标题", "项目",
    )),
    Field("organisation", (
        "organisation", "organization", "organisations", "organizations", "name of organisation",
        "name of organization", "organisation name", "organization name", "entity", "entity name",
        "implementing organisation", "implementing organization", "institution", "submitting entity", "organisme",
        "nom de l'organisme", "nom de l'organisation", "entité", "institution responsable", "organización",
        "nombre de la organización", "entidad", "institución", "организация", "название организации",
        "наименование организации", "учреждение", "المنظمة", "اسم المنظمة", "الجهة", "المؤسسة", "组织", "机构",
        "组织名称", "机构名称", "单位",
    )),
    Field("country", (
        "country", "countries", "country name", "name of country", "country of the organisation", "country iso3",
        "country of organization", "project country", "country of implementation", "location country", "member state",
        "pays", "nom du pays", "pays du projet", "état membre", "país", "países", "pais del proyecto",
        "estado miembro", "страна", "страны", "название страны", "البلد", "البلدان", "الدولة", "اسم البلد", "国家",
        "国别", "所在国", "国家名称",
    )),
    Field("region", (
        "region", "itu region", "regions", "région", "région uit", "régions", "región", "región uit", "регион",
        "регион мсэ", "المنطقة", "الإقليم", "区域", "地区",
    )),
    Field("stakeholder_type", (
        "stakeholder type", "type of stakeholder", "stakeholder", "stakeholder group", "organisation type",
        "organization type", "type of organisation", "type of organization", "entity type", "type of entity",
        "type de partie prenante", "partie prenante", "type d'organisme", "type d'organisation", "type d'entité",
        "tipo de parte interesada", "parte interesada", "tipo de organización", "tipo de entidad",
        "тип заинтересованной стороны", "заинтересованная сторона", "тип организации", "نوع صاحب المصلحة",
        "صاحب المصلحة", "نوع المنظمة", "利益相关方类型", "利益攸关方类型", "利益相关方", "组织类型", "机构类型",
    )),
    Field("action_lines", (
        "action line", "action lines", "wsis action line", "wsis action lines", "related action lines",
        "wsis action lines related to this project", "action line s", "grande orientation", "grandes orientations",
        "grandes orientations du smsi", "grande orientation du smsi", "lignes d'action", "ligne d'action",
        "línea de acción", "líneas de acción", "líneas de acción de la cmsi", "направление деятельности",
        "направления деятельности", "направления деятельности ввуио", "خط العمل", "خطوط العمل",
        "خطوط عمل القمة العالمية", "行动方面", "行动方针", "行动领域", "信息社会世界峰会行动方面",
    )),
    Field("sdgs", (
        "sdg", "sdgs", "sdg goals", "sdg goal", "sdg targets", "sdg target", "sustainable development goal",
        "sustainable development goals", "sustainable development goals related to this project", "related sdgs",
        "goals", "un sdgs", "odd", "objectifs de développement durable", "objectif de développement durable",
        "cibles odd", "ods", "objetivos de desarrollo sostenible", "objetivo de desarrollo sostenible", "metas ods",
        "цур", "цели устойчивого развития", "цель устойчивого развития", "أهداف التنمية المستدامة",
        "هدف التنمية المستدامة", "可持续发展目标", "相关可持续发展目标",
    )),
    Field("start", (
        "start", "start date", "date of start", "starting date", "from", "begin date", "project start",
        "start of project", "start year", "first year", "year of start", "date", "date de début", "début",
        "date de démarrage", "année de début", "fecha de inicio", "inicio", "año de inicio", "fecha", "дата начала",
        "начало", "год начала", "дата", "تاريخ البدء", "تاريخ البداية", "سنة البدء", "التاريخ", "开始日期", "起始日期",
        "开始时间", "开始年份", "日期",
    )),
    Field("end", (
        "end", "end date", "date of end", "completion date", "to", "project end", "end year", "date de fin", "fin",
        "fecha de finalización", "fecha de fin", "дата окончания", "окончание", "تاريخ الانتهاء", "تاريخ النهاية",
        "结束日期", "完成日期",
    )),
    Field("description", (
        "description", "project description", "summary", "abstract", "short description", "brief description",
        "description du projet", "résumé", "descripción", "descripción del proyecto", "resumen", "описание",
        "описание проекта", "краткое описание", "الوصف", "وصف المشروع", "描述", "项目描述", "说明", "简介",
    )),
    Field("url", (
        "url", "website", "web site", "web address", "project website", "project url", "link", "homepage", "web",
        "web page", "site web", "site internet", "adresse web", "lien", "página web", "sitio web", "enlace",
        "dirección web", "веб-сайт", "сайт", "адрес в интернете", "ссылка", "الموقع", "الموقع الإلكتروني", "الرابط",
        "网址", "网站", "链接", "项目网址",
    )),
    Field("source_url", (
        "source", "source url", "detail page", "details page", "record url", "permalink", "page de la fiche",
        "fuente", "источник", "المصدر", "来源",
    )),
    Field("year", (
        "year", "edition", "prize year", "contest year", "year of prize", "award year", "année", "édition",
        "année du prix", "año", "edición", "año del premio", "год", "год премии", "السنة", "سنة الجائزة", "年份",
        "年度", "获奖年份",
    ), only=Kind.PRIZES),
    Field("grade", (
        "grade", "result", "award", "prize", "status", "record kind", "outcome", "winner", "distinction", "résultat",
        "prix", "statut", "récompense", "resultado", "premio", "estado", "galardón", "результат", "награда",
        "статус", "премия", "النتيجة", "الجائزة", "الحالة", "结果", "奖项", "获奖情况", "等级",
    ), only=Kind.PRIZES),
    Field("category", (
        "category", "prize category", "category of prize", "contest category", "categorie", "catégorie",
        "catégorie du prix", "categoría", "categoría del premio", "категория", "категория премии", "الفئة",
        "فئة الجائزة", "类别", "奖项类别",
    ), only=Kind.PRIZES),
    Field("stocktaking_id", (
        "stocktaking id", "stocktaking project id", "stocktaking entry", "identifiant de l'inventaire",
        "id del inventario", "идентификатор проекта", "معرف المشروع", "评估项目编号",
    ), only=Kind.PRIZES),
    Field("synthetic", ("synthetic",)),
)  # fmt: skip
"""The fields in the order in which they are shown."""

_PERSONAL = (
    "contact", "contact name", "contact person", "name of contact", "name of contact person", "focal point",
    "contact e-mail", "contact email", "e-mail", "email", "email address", "e-mail address", "mail", "phone",
    "telephone", "telephone number", "phone number", "contact phone", "mobile", "fax", "submitter", "submitter name",
    "submitted by", "project manager", "project leader", "project coordinator", "coordinator", "chef de projet",
    "coordonnateur", "coordinateur", "responsable du projet", "jefe de proyecto", "coordinador",
    "responsable del proyecto", "руководитель проекта", "مدير المشروع", "项目负责人", "负责人", "first name",
    "last name", "surname", "family name", "given name", "job title", "position", "address", "postal address",
    "personne de contact", "nom du contact", "point de contact", "courriel", "adresse électronique", "adresse e-mail",
    "téléphone", "numéro de téléphone", "prénom", "nom de famille", "fonction", "adresse", "persona de contacto",
    "nombre del contacto", "punto de contacto", "contacto", "correo electrónico", "correo", "teléfono",
    "número de teléfono", "apellido", "apellidos", "cargo", "dirección", "контактное лицо", "контакт", "контакты",
    "электронная почта", "эл почта", "телефон", "имя", "фамилия", "должность", "факс", "جهة الاتصال",
    "اسم جهة الاتصال", "البريد الإلكتروني", "الهاتف", "رقم الهاتف", "الاسم الأول", "اسم العائلة", "联系人",
    "联系人姓名", "电子邮件", "电子邮箱", "邮箱", "电话", "电话号码", "手机", "传真", "姓名",
)  # fmt: skip
_OWN = ("reason for rejection", "rejected file", "rejected row")  # columns that our workbook of rejected rows adds
_FILLERS = frozenset((
    "the", "of", "a", "an", "this", "related", "relevant", "main", "du", "de", "des", "d", "la", "le", "les", "l", "el",
    "los", "las", "del", "y", "et", "and", "wsis", "smsi", "cmsi", "ввуио",
))  # fmt: skip
_PROJECT = frozenset(("project", "projet", "proyecto", "проекта"))
_NOT_OF_PROJECT = frozenset(("id", "grade", "category", "year", "stocktaking_id"))
"""Fields that a header with "project" more does not name: the status of a project is none of a prize."""


@cache
def _names(kind: Kind, without: frozenset[str]) -> Names:
    return Names([(field, _short(name, without)) for field, name in _entries(kind)])


def _entries(kind: Kind) -> list[tuple[str, str]]:
    entries = [(f.name, name) for f in fields_of(kind).values() for name in (f.name, *f.headers)]
    if kind is Kind.STOCKTAKING:  # an entry has no year but that of its beginning
        entries += [("start", name) for f in FIELDS if f.name == "year" for name in f.headers]
    entries += [(PERSONAL, name) for name in _PERSONAL]
    return entries + [(IGNORE, name) for name in _OWN]


def _short(text: str, without: frozenset[str]) -> str:
    return " ".join(word for word in re.findall(r"\w+", text.casefold()) if word not in without) if without else text


def find_header(kind: Kind, text: str) -> str:
    """Return the field of an export of ``kind``, `PERSONAL` or `IGNORE`, that ``text`` names; empty if none or several.

    As it stands, or without words that say nothing, or without saying that it is of the project: ``Name of the
    project`` and ``Project start date`` are known headers too.
    """
    for without in (frozenset[str](), _FILLERS, _FILLERS | _PROJECT):
        found = set(_names(kind, without).find(_short(text, without)))
        if without >= _PROJECT:
            found -= _NOT_OF_PROJECT
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def fields_of(kind: Kind) -> Mapping[str, Field]:
    """Return the fields of an export of ``kind``, by name."""
    return {field.name: field for field in FIELDS if field.only in {None, kind}}
