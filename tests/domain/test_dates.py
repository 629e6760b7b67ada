"""Dates: what is found in a sentence, and which calendar interval it means.

The anchor is Wednesday 9 February 2022 unless a case says otherwise; all sentences are made up for these tests.
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.date_compiler import load, parse
from domain.date_lexicon import DateLexiconError
from domain.dates import DateExpression, find_dates, resolve, weekday_agrees
from domain.model import Basis, Precision

ANCHOR = date(2022, 2, 9)
LANGUAGES = tuple(
    sorted(f.name[6:8] for f in resources.files("domain.language").iterdir() if f.name.startswith("dates_"))
)


def label(expression: DateExpression, *, future: bool = False, anchor: date | None = ANCHOR) -> str:
    """Return a span as the tables below write it: day, a/b for an interval, ? for unknown, < and > for bounds."""
    span = resolve(expression, anchor, future=future)
    if span.first is None or span.last is None:
        text = "?"
    elif span.label is not None and span.precision is not Precision.WEEK and not expression.part:
        text = span.label
    else:
        text = f"{span.first}/{span.last}"
    if span.first != span.last and span.precision is Precision.DAY:
        text += " (not one day)"
    return ("<" if expression.since else ">" if expression.until else "") + text


def labels(sentence: str, language: str, *, future: bool = False) -> list[str]:
    return [label(e, future=future) for e in find_dates(sentence, language)]


ENGLISH = [
    ("The two spoke on Monday, 7 February 2022, officials said.", ["2022-02-07"]),
    ("They met on February 7th in a small room.", ["2022-02-07"]),
    ("The call of Feb. 7, 2022, was short.", ["2022-02-07"]),
    ("A note dated 2022-02-07 was found.", ["2022-02-07"]),
    ("A note dated 07.02.2022 was found.", ["2022-02-07"]),
    ("A note dated 13/01/2022 was found.", ["2022-01-13"]),
    ("A note dated 01/13/2022 was found.", ["2022-01-13"]),
    ("A note dated 07.02.22 was found.", ["2022-02-07"]),
    ("Updated 2022-02-07T10:15:00Z by the desk.", ["2022-02-07"]),
    ("Their talk on Tuesday lasted an hour.", ["2022-02-08"]),
    ("Their talk on Wednesday lasted an hour.", ["2022-02-09"]),
    ("Monday's talk lasted an hour.", ["2022-02-07"]),
    ("They had talked last Wednesday.", ["2022-02-02"]),
    ("They will talk next Wednesday.", ["2022-02-16"]),
    ("They had talked on Friday last week.", ["2022-02-04"]),
    ("They are to talk on Friday next week.", ["2022-02-18"]),
    ("He rang yesterday evening.", ["2022-02-08"]),
    ("He rang the day before yesterday.", ["2022-02-07"]),
    ("He rang this morning.", ["2022-02-09"]),
    ("He will ring tomorrow.", ["2022-02-10"]),
    ("He had rung the day before.", ["2022-02-08"]),
    ("He rang the day before the summit.", []),
    ("He rang three days ago.", ["2022-02-06"]),
    ("He rang two weeks ago.", ["2022-01-24/2022-01-30"]),
    ("He rang a month ago.", ["2022-01"]),
    ("He rang two years ago.", ["2020"]),
    ("He will come in two days' time.", ["2022-02-11"]),
    ("He will come in three weeks.", ["2022-02-28/2022-03-06"]),
    ("It was their first chat in three weeks.", []),
    ("They met last week.", ["2022-01-31/2022-02-06"]),
    ("They met earlier this week.", ["2022-02-07/2022-02-13"]),
    ("They meet next week.", ["2022-02-14/2022-02-20"]),
    ("They met last month.", ["2022-01"]),
    ("They met last year.", ["2021"]),
    ("They met in March.", ["2021-03"]),
    ("They met in March 2020.", ["2020-03"]),
    ("They met in March last year.", ["2021-03"]),
    ("They met in early June.", ["2021-06-01/2021-06-10"]),
    ("They met in mid-June 2019.", ["2019-06-11/2019-06-20"]),
    ("They met at the end of June 2019.", ["2019-06-21/2019-06-30"]),
    ("They met in late 2019.", ["2019-09-01/2019-12-31"]),
    ("They met in 2019.", ["2019"]),
    ("They met between 28 and 29 June.", ["2021-06-28/2021-06-29"]),
    ("They met on June 28-29, 2019.", ["2019-06-28/2019-06-29"]),
    ("The visit ran from 30 December 2019 to 2 January 2020.", ["2019-12-30/2020-01-02"]),
    ("They have not met since 2019.", ["<2019"]),
    ("They have not met since last March.", ["<2021-03"]),
    ("It was the first call since 24 February.", ["<2021-02-24"]),
    ("He wants an answer before Monday.", [">2022-02-07"]),
    ("PARIS, 16 APR. – Nothing happened.", ["2021-04-16"]),
    ("He spoke to aides before Monday's call.", ["2022-02-07"]),
    ("The video call of July 1, which was long, was the last.", ["2021-07-01"]),
    ("They met last summer.", ["2021"]),
    ("They met half a year ago.", ["2021-08"]),
    ("They met in the first half of June 2019.", ["2019-06-01/2019-06-15"]),
    ("They met in February–March 2019.", ["2019"]),
    ("He is there from Monday 7 to Wednesday 9 February.", ["2022-02-07/2022-02-09"]),
    ("They met twice, lastly on the 28th.", ["2022-01-28"]),
    ("They met on the 28th anniversary of it.", []),
    ("They spoke on Monday the 7th of February.", ["2022-02-07"]),
    ("They spoke on Monday and 2 February.", ["2022-02-07", "2022-02-02"]),
    ("They meet in the coming days.", ["?"]),
    ("He met her a few days ago.", ["?"]),
    ("They met on 7 February last year.", ["2021-02-07"]),
    ("On 7 and 8 February he was away.", ["2022-02-07/2022-02-08"]),
    ("Over the weekend they talked.", ["2022-02-05/2022-02-06"]),
    ("He may march on, she said.", []),
    ("It began at 15:30 and took 45 minutes.", []),
    ("He sat in the sun for a second.", []),
    ("They spoke for two weeks.", []),
    ("Version 1.2.3 costs 10.50 euros, up 3.5%.", []),
    ("A loan of 2022 euros was paid to 19 people.", ["2022"]),
    ("On 31 February nothing happened.", []),
    ("Some 30 people and 2000 cars came.", []),
]

FRENCH = [
    ("Ils se sont parlé lundi 7 février 2022.", ["2022-02-07"]),
    ("Ils se sont vus le 1er juillet.", ["2021-07-01"]),
    ("Ils se sont vus le premier juillet 2019.", ["2019-07-01"]),
    ("Ils se sont vus le 7 février dernier.", ["2022-02-07"]),
    ("Ils se verront le 7 février prochain.", ["2023-02-07"]),
    ("Note du 07/02/2022.", ["2022-02-07"]),
    ("Ils se sont parlé mardi soir.", ["2022-02-08"]),
    ("Ils se sont parlé ce mercredi.", ["2022-02-09"]),
    ("Ils se sont parlé dimanche (6 février).", ["2022-02-06"]),
    ("Ils se sont parlé mercredi dernier.", ["2022-02-02"]),
    ("Ils se parleront mercredi prochain.", ["2022-02-16"]),
    ("Ils se sont parlé vendredi de la semaine dernière.", ["2022-02-04"]),
    ("Ils se sont parlé hier soir.", ["2022-02-08"]),
    ("Ils se sont parlé avant-hier.", ["2022-02-07"]),
    ("Ils se parlent aujourd'hui.", ["2022-02-09"]),
    ("Ils se parlent aujourd’hui.", ["2022-02-09"]),
    ("Ils se parleront demain.", ["2022-02-10"]),
    ("Ils s'étaient parlé la veille.", ["2022-02-08"]),
    ("Ils se sont parlé à la veille du sommet.", []),
    ("Ils se sont parlé il y a trois jours.", ["2022-02-06"]),
    ("Ils se sont parlé il y a deux semaines.", ["2022-01-24/2022-01-30"]),
    ("Ils se sont parlé il y a un mois.", ["2022-01"]),
    ("Ils se parleront dans deux jours.", ["2022-02-11"]),
    ("Ils se sont vus la semaine dernière.", ["2022-01-31/2022-02-06"]),
    ("Ils se verront la semaine prochaine.", ["2022-02-14/2022-02-20"]),
    ("Ils se sont vus cette semaine.", ["2022-02-07/2022-02-13"]),
    ("Ils se sont vus le mois dernier.", ["2022-01"]),
    ("Ils se sont vus l'an dernier.", ["2021"]),
    ("Ils se sont vus en mars.", ["2021-03"]),
    ("Ils se sont vus en mars dernier.", ["2021-03"]),
    ("Ils se verront en mars prochain.", ["2022-03"]),
    ("Ils se sont vus en mars 2020.", ["2020-03"]),
    ("Ils se sont vus en août de l'année dernière.", ["2021-08"]),
    ("Ils se sont vus début juin.", ["2021-06-01/2021-06-10"]),
    ("Ils se sont vus à la mi-juin 2019.", ["2019-06-11/2019-06-20"]),
    ("Ils se sont vus fin juin 2019.", ["2019-06-21/2019-06-30"]),
    ("Ils se sont vus fin 2019.", ["2019-09-01/2019-12-31"]),
    ("Ils se sont vus en 2019.", ["2019"]),
    ("Le sommet se tient du 24 au 26 août 2019.", ["2019-08-24/2019-08-26"]),
    ("Le sommet des 28 et 29 juin a déçu.", ["2021-06-28/2021-06-29"]),
    ("Ils se sont vus entre le 28 et le 29 juin 2019.", ["2019-06-28/2019-06-29"]),
    ("Ils ne se sont pas vus depuis 2019.", ["<2019"]),
    ("C'est le premier appel depuis le 24 février.", ["<2021-02-24"]),
    ("C'est le premier appel depuis mars dernier.", ["<2021-03"]),
    ("Il veut une réponse avant lundi.", [">2022-02-07"]),
    ("Il y est du lundi 7 au mercredi 9 février.", ["2022-02-07/2022-02-09"]),
    ("Ils se sont vus dans la seconde moitié de juin 2019.", ["2019-06-16/2019-06-30"]),
    ("Ils se sont vus il y a plus d'un an.", ["2021"]),
    ("Il y reste jusqu'au 22 août.", [">2021-08-22"]),
    ("Aucun appel depuis celui de septembre.", ["<2021-09"]),
    ("Ils se verront dans les prochains jours.", ["?"]),
    ("Ils se sont vus il y a quelques jours.", ["?"]),
    ("Ils se sont parlé pendant deux heures, à 15 heures.", []),
    ("Un homme de 45 ans marche depuis trois jours.", []),
    ("Premier échange en trois ans.", []),
    ("Il a 2000 soldats et 19 chars.", []),
    ("Le 31 février, rien.", []),
]

RUSSIAN = [
    ("Они поговорили в понедельник, 7 февраля 2022 года.", ["2022-02-07"]),
    ("Они встретились 1 июля.", ["2021-07-01"]),
    ("Они встретились 1-го июля 2019 г.", ["2019-07-01"]),
    ("Записка от 07.02.2022.", ["2022-02-07"]),
    ("Они встретились 7 февраля прошлого года.", ["2021-02-07"]),
    ("Они говорили во вторник вечером.", ["2022-02-08"]),
    ("Они говорили в среду.", ["2022-02-09"]),
    ("Речь шла об охране окружающей среды.", []),
    ("Они говорили в прошлую среду.", ["2022-02-02"]),
    ("Они поговорят в следующую среду.", ["2022-02-16"]),
    ("Они говорили в пятницу на прошлой неделе.", ["2022-02-04"]),
    ("На следующей неделе, в среду, они встретятся.", ["2022-02-16"]),
    ("Они говорили вчера вечером.", ["2022-02-08"]),
    ("Они говорили позавчера.", ["2022-02-07"]),
    ("Они говорили сегодня утром.", ["2022-02-09"]),
    ("Они поговорят завтра.", ["2022-02-10"]),
    ("Вчерашний разговор был долгим.", ["2022-02-08"]),
    ("Накануне они говорили.", ["2022-02-08"]),
    ("Накануне визита они говорили.", []),
    ("Они говорили три дня назад.", ["2022-02-06"]),
    ("Они говорили две недели назад.", ["2022-01-24/2022-01-30"]),
    ("Они говорили неделю назад.", ["2022-01-31/2022-02-06"]),
    ("Они говорили месяц назад.", ["2022-01"]),
    ("Они поговорят через два дня.", ["2022-02-11"]),
    ("Они встретились на прошлой неделе.", ["2022-01-31/2022-02-06"]),
    ("Они встретятся на следующей неделе.", ["2022-02-14/2022-02-20"]),
    ("Они встретились в прошлом месяце.", ["2022-01"]),
    ("Они встретились в прошлом году.", ["2021"]),
    ("Они встретились в марте.", ["2021-03"]),
    ("Они встретились в марте 2020 года.", ["2020-03"]),
    ("Они встретились в марте прошлого года.", ["2021-03"]),
    ("Они встретились в начале июня.", ["2021-06-01/2021-06-10"]),
    ("Они встретились в середине июня 2019 года.", ["2019-06-11/2019-06-20"]),
    ("Они встретились в конце июня 2019 г.", ["2019-06-21/2019-06-30"]),
    ("Они встретились в конце 2019 года.", ["2019-09-01/2019-12-31"]),
    ("Они встретились в 2019 году.", ["2019"]),
    ("Саммит прошёл с 24 по 26 августа 2019 года.", ["2019-08-24/2019-08-26"]),
    ("Саммит 28–29 июня разочаровал.", ["2021-06-28/2021-06-29"]),
    ("Они не встречались с 2019 года.", ["<2019"]),
    ("Они не встречались с марта.", ["<2021-03"]),
    ("Это первый разговор с 24 февраля.", ["<2021-02-24"]),
    ("Он ждёт ответа до понедельника.", [">2022-02-07"]),
    ("Они встретятся в ближайшие дни.", ["?"]),
    ("Они встретились несколько дней назад.", ["?"]),
    ("Они говорили в 15:30, всего 45 минут.", []),
    ("Это впервые за три года.", []),
    ("Разговор длился два дня.", []),
    ("Пришли 2000 человек и 19 машин.", []),
    ("31 февраля ничего не было.", []),
    ("Они встретились год назад.", ["2021"]),
    ("Они встретились полгода назад.", ["2021-08"]),
    ("Они говорили в ночь с 7 на 8 февраля.", ["2022-02-07/2022-02-08"]),
    ("Они говорили в сентябре 2019-го.", ["2019-09"]),
    ("Они говорили в первой половине июня.", ["2021-06-01/2021-06-15"]),
    ("Он ответит к концу месяца.", [">2022-02-21/2022-02-28"]),
]

OTHERS = [
    ("de", "Am Montag, dem 7. Februar 2022, sprachen sie.", ["2022-02-07"]),
    ("de", "Am 19. August empfing er ihn.", ["2021-08-19"]),
    ("es", "El 19 de agosto lo recibió.", ["2021-08-19"]),
    ("it", "Il 19 agosto lo ha ricevuto.", ["2021-08-19"]),
    ("uk", "Він прийняв його 19 серпня.", ["2021-08-19"]),
    ("de", "Sie sprachen am Dienstagabend und am Morgen.", ["2022-02-08"]),
    ("de", "Sie trafen sich im vergangenen März.", ["2021-03"]),
    ("de", "Vor zwei Tagen sprachen sie.", ["2022-02-07"]),
    ("de", "Das erste Gespräch in zwei Jahren.", []),
    ("de", "Seit 2019 gab es kein Treffen.", ["<2019"]),
    ("de", "Sie sprechen morgen früh.", ["2022-02-10"]),
    ("uk", "Вони говорили у понеділок, 7 лютого 2022 року.", ["2022-02-07"]),
    ("uk", "Вони говорили в п'ятницю.", ["2022-02-04"]),
    ("uk", "Вони не бачилися з 2019 року.", ["<2019"]),
    ("uk", "Вони бачилися минулого тижня.", ["2022-01-31/2022-02-06"]),
    ("es", "Hablaron el lunes 7 de febrero de 2022.", ["2022-02-07"]),
    ("es", "Hablaron hace dos días.", ["2022-02-07"]),
    ("es", "Hablarán mañana por la mañana.", ["2022-02-10"]),
    ("es", "No se ven desde 2019.", ["<2019"]),
    ("it", "Hanno parlato lunedì 7 febbraio 2022.", ["2022-02-07"]),
    ("it", "Hanno parlato due giorni fa.", ["2022-02-07"]),
    ("it", "Non si vedono dal 2019.", ["<2019"]),
    ("de", "Im vorigen Sommer sprachen sie.", ["2021"]),
    ("pt", "Falaram na segunda-feira, 7 de fevereiro de 2022.", ["2022-02-07"]),
    ("pt", "Em maio estiveram juntos; há dois dias falaram.", ["2021-05", "2022-02-07"]),
    ("pl", "Rozmawiali w poniedziałek, dwa dni temu.", ["2022-02-07", "2022-02-07"]),
    ("pl", "Nie rozmawiali od 2019 roku.", ["<2019"]),
    ("cs", "Mluvili spolu v pondělí 7. února, poprvé od roku 2019.", ["2022-02-07", "<2019"]),
    ("sk", "V pondelok 7. februára hovorili, minulý týždeň nie.", ["2022-02-07", "2022-01-31/2022-02-06"]),
    ("ro", "Au vorbit luni, 7 februarie 2022, în mai multe rânduri.", ["2022-02-07"]),
    ("ro", "Au vorbit cu o zi înainte.", ["2022-02-08"]),
    ("bg", "Говориха в понеделник, 7 февруари 2022 г., и през март.", ["2022-02-07", "2021-03"]),
    ("sr", "Разговарали су јуче, а прошле недеље нису, у пет сати.", ["2022-02-08", "2022-01-31/2022-02-06"]),
    ("sr", "Razgovarali su u petak, 4. februara 2022. godine.", ["2022-02-04"]),
    ("tr", "7 Şubat Pazartesi görüştüler, dün akşam da.", ["2022-02-07", "2022-02-08"]),
    ("hu", "Február 7-én, hétfőn beszéltek, tegnap este is.", ["2022-02-07", "2022-02-08"]),
    ("hu", "A múlt heti találkozó 2019 decembere óta az első.", ["2022-01-31/2022-02-06", "<2019-12"]),
    ("nl", "Ze spraken maandagavond en twee dagen geleden.", ["2022-02-07", "2022-02-07"]),
    ("da", "Tirsdag i sidste uge og i morgen.", ["2022-02-01", "2022-02-10"]),
    ("sv", "De talades vid i måndags och på tisdagskvällen.", ["2022-02-07", "2022-02-08"]),
    ("sv", "Den 7 februari förra året och för två dagar sedan.", ["2021-02-07", "2022-02-07"]),
    ("no", "Fredag i forrige uke og tirsdag kveld.", ["2022-02-04", "2022-02-08"]),
    ("no", "De snakkes i morgen tidlig.", ["2022-02-10"]),
    ("nl", "Vorige week vrijdag en dinsdag in de namiddag.", ["2022-02-04", "2022-02-08"]),
    ("nl", "Ze bellen morgenochtend, niet 's morgens.", ["2022-02-10"]),
    ("no", "De snakket mandag 7. februar og i går.", ["2022-02-07", "2022-02-08"]),
    ("ar", "تحدثا يوم الاثنين وفي 16 تشرين الثاني.", ["2022-02-07", "2021-11-16"]),
    (
        "ar",
        "التقيا في ٧ شباط (فبراير) ٢٠٢٢ وفي السابع عشر من نوفمبر/تشرين الثاني 2020.",
        ["2022-02-07", "2020-11-17"],
    ),
    ("ar", "اتصل به أمس الأول، أي قبل يومين.", ["2022-02-07", "2022-02-07"]),
    ("zh", "两人3日通话，上周五也通话，昨天没有。", ["2022-02-03", "2022-02-04", "2022-02-08"]),
    ("zh", "这是自2019年以来的首次通话，持续3天。", ["<2019"]),
    ("ko", "두 사람은 2022년 2월 7일 통화했다.", ["2022-02-07"]),
    ("zh", "两人于2022年2月7日通电话。", ["2022-02-07"]),
    ("zh", "马克龙7日前往莫斯科，此前于3日以视频方式会谈。", ["2022-02-07", "2022-02-03"]),
    ("zh", "二月七日晚，去年12月，昨晚，3天前。", ["2022-02-07", "2021-12", "2022-02-08", "2022-02-06"]),
    ("ja", "2月7日に会談した。", ["2022-02-07"]),
    ("xx", "yyy 07.02.2022 yyy Monday", ["2022-02-07"]),
]


@pytest.mark.parametrize(("sentence", "expected"), ENGLISH)
def test_english_dates(sentence: str, expected: list[str]) -> None:
    assert labels(sentence, "en") == expected


@pytest.mark.parametrize(("sentence", "expected"), FRENCH)
def test_french_dates(sentence: str, expected: list[str]) -> None:
    assert labels(sentence, "fr") == expected


@pytest.mark.parametrize(("sentence", "expected"), RUSSIAN)
def test_russian_dates(sentence: str, expected: list[str]) -> None:
    assert labels(sentence, "ru") == expected


@pytest.mark.parametrize(("language", "sentence", "expected"), OTHERS)
def test_dates_of_other_languages(language: str, sentence: str, expected: list[str]) -> None:
    assert labels(sentence, language) == expected


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "They will meet on Monday.", ["2022-02-14"]),
        ("en", "They will meet on Wednesday.", ["2022-02-09"]),
        ("en", "They will meet on 20 June.", ["2022-06-20"]),
        ("en", "They will meet on 5 February.", ["2022-02-05"]),
        ("en", "They will meet in March.", ["2022-03"]),
        ("fr", "Ils se verront mardi.", ["2022-02-15"]),
        ("fr", "Ils se verront en janvier.", ["2023-01"]),
        ("ru", "Они встретятся в пятницу.", ["2022-02-11"]),
        ("ru", "Они встретятся 1 июля.", ["2022-07-01"]),
        ("ru", "Они поговорят на следующий день.", ["2022-02-10"]),
    ],
)
def test_future_takes_the_next(language: str, sentence: str, expected: list[str]) -> None:
    assert labels(sentence, language, future=True) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_is_skipped_where_it_would_match(language: str) -> None:
    lexicon = load(language)
    own = {"en": ENGLISH, "fr": FRENCH, "ru": RUSSIAN}.get(language, [])
    for sentence in [s for s, _ in own] + [s for other, s, _ in OTHERS if other == language]:
        has = {slot for slot, probe in lexicon.probes.items() if probe.search(sentence)}
        if any(c.isdigit() for c in sentence):
            has.add("digit")
        for form in lexicon.forms:
            assert form.needs <= has or not form.pattern.search(sentence), (sentence, form.pattern.pattern)


def one(sentence: str, language: str = "en") -> DateExpression:
    (expression,) = find_dates(sentence, language)
    return expression


def test_a_date_without_a_year_close_ahead_is_meant() -> None:
    assert resolve(one("Talks open on 14 February."), ANCHOR).label == "2022-02-14"
    assert resolve(one("Talks opened on 14 April."), ANCHOR).label == "2021-04-14"


def test_a_context_day_gives_the_year() -> None:
    context = date(2019, 1, 1)
    assert resolve(one("They met again on 1 July."), ANCHOR, after=context).label == "2019-07-01"
    assert resolve(one("They met again in July."), ANCHOR, after=date(2019, 8, 19)).label == "2020-07"
    same_year = one("Они встретились 1 июля того же года.", "ru")
    assert resolve(same_year, ANCHOR).first is None
    assert resolve(same_year, ANCHOR, after=date(2019, 8, 19)).label == "2019-07-01"
    assert (
        resolve(one("He had called the day before."), ANCHOR, after=date(2019, 8, 19)).label == "2019-08-18"
    )
    assert resolve(one("They spoke the next day."), ANCHOR, after=date(2019, 8, 19)).label == "2019-08-20"


def test_two_days_earlier_needs_a_day_to_count_from() -> None:
    expression = one("They had spoken two days earlier.")
    assert resolve(expression, ANCHOR).first is None
    assert resolve(expression, ANCHOR, after=date(2019, 8, 19)).label == "2019-08-17"


def test_without_an_anchor_only_a_year_resolves() -> None:
    assert resolve(one("They met on 7 February 2022."), None).label == "2022-02-07"
    assert resolve(one("They met in 2019."), None).label == "2019"
    for sentence in (
        "They met on 7 February.",
        "They met on Monday.",
        "They met last week.",
        "They met in March.",
    ):
        span = resolve(one(sentence), None)
        assert (span.first, span.last, span.precision, span.basis) == (
            None,
            None,
            Precision.UNKNOWN,
            Basis.NONE,
        )
        assert span.words in sentence and span.words


@pytest.mark.parametrize(
    ("sentence", "basis", "precision"),
    [
        ("They met on 7 February.", Basis.EXPLICIT, Precision.DAY),
        ("They met on Monday.", Basis.WEEKDAY, Precision.DAY),
        ("They met yesterday.", Basis.RELATIVE, Precision.DAY),
        ("They met last week.", Basis.RELATIVE, Precision.WEEK),
        ("They met in March.", Basis.EXPLICIT, Precision.MONTH),
        ("They met in 2019.", Basis.EXPLICIT, Precision.YEAR),
        ("They met between 1 and 20 June.", Basis.EXPLICIT, Precision.MONTH),
    ],
)
def test_basis_and_precision(sentence: str, basis: Basis, precision: Precision) -> None:
    span = resolve(one(sentence), ANCHOR)
    assert (span.basis, span.precision) == (basis, precision)
    assert span.words in sentence


def test_calendar_date_wins_over_a_wrong_weekday_and_tells() -> None:
    right, wrong = one("on Monday, 7 February 2022"), one("on Sunday, 7 February 2022")
    assert resolve(wrong, ANCHOR).label == "2022-02-07"
    assert weekday_agrees(wrong, resolve(wrong, ANCHOR)) is False
    assert weekday_agrees(right, resolve(right, ANCHOR)) is True
    plain = one("on 7 February 2022")
    assert weekday_agrees(plain, resolve(plain, ANCHOR)) is None


def test_the_weekday_chooses_the_year() -> None:
    # 20 April was a Wednesday in 2022, a Tuesday in 2021.
    assert resolve(one("on Wednesday, 20 April"), ANCHOR).label == "2022-04-20"
    assert resolve(one("on Tuesday, 20 April"), ANCHOR).label == "2021-04-20"


def test_29_february_is_in_the_last_leap_year() -> None:
    assert resolve(one("They met on 29 February."), date(2023, 5, 1)).label == "2020-02-29"
    assert find_dates("They met on 29 February 2023.", "en") == ()


def test_the_year_may_turn() -> None:
    january = date(2023, 1, 2)
    assert resolve(one("They spoke on 30 December."), january).label == "2022-12-30"
    assert resolve(one("They spoke on Friday."), january).label == "2022-12-30"
    assert resolve(one("They spoke last month."), january).label == "2022-12"
    assert resolve(one("They spoke from 30 December to 1 January."), january).last == january - timedelta(
        days=1
    )


def test_expressions_do_not_overlap_and_quote_the_sentence() -> None:
    sentence = (
        "On Monday, 7 February, and again last week, in March 2020 and between 1 and 3 May 2021, they spoke."
    )
    found = find_dates(sentence, "en")
    assert [e.words for e in found] == [
        "On Monday, 7 February",
        "last week",
        "in March 2020",
        "between 1 and 3 May 2021",
    ]
    assert all(sentence[e.start : e.end] == e.words for e in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=300), st.sampled_from((*LANGUAGES, "zh", "../etc", "")))
def test_any_text_is_read_without_an_error(sentence: str, language: str) -> None:
    for expression in find_dates(sentence, language):
        assert sentence[expression.start : expression.end] == expression.words
        for anchor in (None, date.min, ANCHOR, date.max):
            resolve(expression, anchor, future=True)
            resolve(expression, anchor, after=ANCHOR)


def _vocabulary() -> list[str]:
    words = {"1", "7", "31", "2019", "2022-02-07", "07.02.2022", ",", "(", ")", "–"}
    for sentence, _ in ENGLISH + FRENCH + RUSSIAN:
        words.update(sentence.rstrip(".").split())
    return sorted(words)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(_vocabulary()), max_size=25),
    st.sampled_from(LANGUAGES),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.booleans(),
)
def test_resolved_days_lie_in_a_sane_range(
    words: list[str], language: str, anchor: date, future: bool
) -> None:
    for expression in find_dates(" ".join(words), language):
        span = resolve(expression, anchor, future=future)
        if span.first is None or span.last is None:
            assert span.precision is Precision.UNKNOWN
            continue
        assert span.first <= span.last
        if span.precision is Precision.DAY:
            assert span.first == span.last
            if not expression.has_year and expression.offset is None:
                assert abs((span.first - anchor).days) <= 366 * 8
        if expression.year is not None:
            assert span.first.year == expression.year
        # Whatever words were found alone are found again with the same meaning.
        assert span.words == expression.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_knows_its_months_and_weekdays(language: str) -> None:
    babel = pytest.importorskip("babel.dates", reason="babel is not installed: CLDR names cannot be compared")
    lexicon = load(language)
    # Where CLDR has the same names in both contexts, some versions of babel mix up the locales.
    both = language in ("ru", "uk", "pl", "cs", "sk")
    for context in ("format", "stand-alone") if both else ("format",):
        months = babel.get_month_names("wide", context, locale=language)
        assert {n: lexicon.read("month", months[n]) for n in months} == {n: n for n in range(1, 13)}
    days = babel.get_day_names("wide", "format", locale=language)
    assert {n: lexicon.read("weekday", days[n]) for n in range(7)} == {n: n for n in range(7)}


MINIMAL = """
language = "xx"
months = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
weekdays = ["m", "n", "o", "p", "q", "r", "s"]
"""


def test_a_minimal_lexicon_is_accepted() -> None:
    lexicon = parse(MINIMAL + "[[form]]\nreading = 'date'\nmatch = ['{day} {month}']\n", "dates_xx.toml")
    assert lexicon.read("month", "L") == 12


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (MINIMAL.replace("months", "monhts"), "monhts"),
        (MINIMAL.replace('"l"]', "]"), "months"),
        (MINIMAL + "[[form]]\nreading = 'dat'\nmatch = ['a']\n", "dat"),
        (MINIMAL + "[[form]]\nreading = 'date'\nmatch = []\n", "match"),
        (MINIMAL + "[[form]]\nreading = 'date'\nmatch = ['{dya} {month}']\n", "dya"),
        (MINIMAL + "[[form]]\nreading = 'date'\nmatch = ['({month}']\n", "regular expression"),
        (MINIMAL + "[[form]]\nreading = 'date'\nmacth = ['a']\nmatch = ['a']\n", "macth"),
        (MINIMAL + "[[form]]\nreading = 'day'\noffset = 'x'\nmatch = ['a']\n", "offset"),
        (MINIMAL + "[[form]]\nreading = 'day'\nside = 'left'\nmatch = ['a']\n", "side"),
        (MINIMAL + "[units]\nfortnight = 'x'\n", "fortnight"),
        (MINIMAL + "[numbers]\nx = 'y'\n", "numbers.x"),
        (MINIMAL + "since = [1]\n", "since"),
        ("months = [", "TOML"),
    ],
)
def test_a_broken_lexicon_is_refused_with_file_and_key(text: str, named: str) -> None:
    with pytest.raises(DateLexiconError, match=r"dates_xx\.toml") as caught:
        parse(text, "dates_xx.toml")
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("language", "sentence", "words", "day"),
    [
        ("fr", "Demain lundi, changement de décor.", "Demain lundi", "2022-02-28"),
        ("en", "They meet tomorrow, Monday, in Paris.", "tomorrow, Monday", "2022-02-28"),
        ("ru", "Завтра, в понедельник, он летит в Париж.", "Завтра, в понедельник", "2022-02-28"),
        (
            "en",
            "They had spoken four days earlier, on Thursday.",
            "four days earlier, on Thursday",
            "2022-02-24",
        ),
    ],
)
def test_a_weekday_beside_a_counted_day_is_no_day_of_its_own(
    language: str, sentence: str, words: str, day: str
) -> None:
    (expression,) = find_dates(sentence, language)
    assert (expression.words, resolve(expression, date(2022, 2, 27)).label) == (words, day)
