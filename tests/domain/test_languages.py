"""Language identification on own sentences; the model is the real one."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.languages import identify

TEXTS = [
    (
        "en",
        "Phone call lasts two hours",
        "The two presidents agreed that the talks should go on before the winter.",
    ),
    (
        "fr",
        "Entretien de deux heures",
        "Les deux présidents sont convenus de poursuivre les discussions avant l'hiver.",
    ),
    ("ru", "Разговор длился два часа", "Президенты договорились продолжить обсуждение до наступления зимы."),
    ("uk", "Розмова тривала дві години", "Президенти домовилися продовжити обговорення до настання зими."),
    (
        "de",
        "Telefonat dauert zwei Stunden",
        "Die beiden Präsidenten wollen die Gespräche vor dem Winter fortsetzen.",
    ),
    (
        "it",
        "Due ore di colloquio",
        "I due presidenti hanno deciso di proseguire le discussioni prima dell'inverno.",
    ),
    (
        "es",
        "Dos horas de conversación",
        "Los dos presidentes acordaron seguir con las conversaciones antes del invierno.",
    ),
    (
        "pt",
        "Duas horas de conversa",
        "Os dois presidentes decidiram continuar as conversações antes do inverno.",
    ),
    ("pl", "Rozmowa trwała dwie godziny", "Obaj prezydenci zgodzili się kontynuować rozmowy przed zimą."),
    (
        "cs",
        "Rozhovor trval dvě hodiny",
        "Oba prezidenti se dohodli, že budou v jednání pokračovat před zimou.",
    ),
    (
        "sk",
        "Rozhovor trval dve hodiny",
        "Obaja prezidenti sa dohodli, že budú v rokovaniach pokračovať pred zimou.",
    ),
    (
        "ro",
        "Convorbirea a durat două ore",
        "Cei doi președinți au convenit să continue discuțiile înainte de iarnă.",
    ),
    (
        "bg",
        "Разговорът продължи два часа",
        "Двамата президенти се договориха да продължат преговорите преди зимата.",
    ),
    (
        "sr",
        "Разговор је трајао два сата",
        "Двојица председника договорила су се да наставе разговоре пре зиме.",
    ),
    (
        "hr",
        "Razgovor je trajao dva sata",
        "Dvojica predsjednika dogovorila su da će razgovore nastaviti prije zime.",
    ),
    (
        "sq",
        "Biseda zgjati dy orë",
        "Dy presidentët ranë dakord që t'i vazhdojnë bisedimet para dimrit.",
    ),
    ("nl", "Gesprek duurt twee uur", "De twee presidenten willen de gesprekken voor de winter voortzetten."),
    (
        "sv",
        "Samtalet varade i två timmar",
        "De två presidenterna enades om att fortsätta samtalen före vintern.",
    ),
    (
        "da",
        "Samtalen varede to timer",
        "De to præsidenter blev enige om at fortsætte drøftelserne inden vinteren.",
    ),
    ("fi", "Puhelu kesti kaksi tuntia", "Presidentit sopivat jatkavansa keskusteluja ennen talvea."),
    (
        "hu",
        "Két órán át beszéltek",
        "A két elnök megállapodott abban, hogy a tél előtt folytatják a tárgyalásokat.",
    ),
    (
        "el",
        "Συνομιλία δύο ωρών",
        "Οι δύο πρόεδροι συμφώνησαν να συνεχίσουν τις συνομιλίες πριν από τον χειμώνα.",
    ),
    (
        "tr",
        "Görüşme iki saat sürdü",
        "İki cumhurbaşkanı kıştan önce görüşmelere devam etme konusunda anlaştı.",
    ),
    ("ar", "مكالمة استمرت ساعتين", "اتفق الرئيسان على مواصلة المحادثات قبل حلول الشتاء."),
    ("fa", "گفتگو دو ساعت طول کشید", "دو رئیس جمهور توافق کردند که گفتگوها را پیش از زمستان ادامه دهند."),
    ("he", "השיחה נמשכה שעתיים", "שני הנשיאים הסכימו להמשיך בשיחות לפני החורף."),
    ("zh", "两国总统通话两小时", "两人同意在冬天之前继续会谈。"),
    ("zh", "馬克宏（Emmanuel Macron）與普丁（Vladimir Putin）通話", "兩人談了80分鐘。"),
    ("ja", "電話会談は二時間", "両大統領は冬の前に協議を続けることで一致した。"),
    ("ko", "두 시간 동안 통화", "두 대통령은 겨울이 오기 전에 회담을 계속하기로 합의했다."),
]


@pytest.mark.parametrize(("language", "title", "text"), TEXTS)
@pytest.mark.parametrize("declared", [None, "wrong", "xx"])
def test_title_and_lead_tell_the_language(language: str, title: str, text: str, declared: str | None) -> None:
    assert identify(title, text, declared) == language


def test_a_sure_answer_beats_a_wrong_declaration() -> None:
    for language, title, text in TEXTS[:8]:
        wrong = "fr" if language != "fr" else "en"
        assert identify(title, text, wrong) == language


@pytest.mark.parametrize(
    ("title", "declared", "expected"),
    [
        ("Macron, Putin", "fr", "fr"),
        ("Macron, Putin", "fr-FR", "fr"),
        ("Macron, Putin", "FRA", "fr"),
        ("Razgovor Makrona i Putina", "bs", "hr"),
        ("Macron, Putin", "ru", None),  # not in that script
        ("Путин, Макрон", "uk", "uk"),
        ("Путин, Макрон", "fr", "ru"),
        ("Путин позвонил Макрону", None, "ru"),
        ("Путін, Макрон", None, "uk"),
        ("Путін, Макрон", "ru", "uk"),
        ("Разговор был объявлен", None, "ru"),
        ("普京", "ja", "zh"),
        ("12:30 – 14:00", "fr", "und"),
        ("", None, "und"),
        ("https://example.org/some/english/words", None, "und"),
    ],
)
def test_short_titles(title: str, declared: str | None, expected: str | None) -> None:
    found = identify(title, "", declared)
    if expected is None:
        assert found != declared
    else:
        assert found == expected


def test_a_declared_language_outside_the_list_is_possible() -> None:
    text = "Kaks presidenti leppisid kokku, et nad jätkavad kõnelusi enne talve algust järgmisel nädalal."
    assert identify("Kõne kestis kaks tundi", text, "et") == "et"


def test_names_in_another_script_do_not_decide() -> None:
    text = (
        "Der Name des Präsidenten schreibt sich auf Russisch Путин, sagte ein Sprecher am Montag in Berlin."
    )
    assert identify("Wie man ihn schreibt", text, None) == "de"


def test_the_model_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; from domain.languages import identify; identify('Привет, ты здесь?', '', None);"
        "sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_threads_share_the_model() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda row: identify(row[1], row[2], None), TEXTS * 3))
    assert found == [row[0] for row in TEXTS * 3]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200), st.text(max_size=200), st.none() | st.text(max_size=8))
def test_any_text_gets_an_answer(title: str, text: str, declared: str | None) -> None:
    found = identify(title, text, declared)
    assert found == "und" or (len(found) == 2 and found.isascii()) or found == "yue"
