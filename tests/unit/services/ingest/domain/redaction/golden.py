"""What customers write, and what is left of it: kept and redacted, in several languages. Numbers are made up."""

from typing import NamedTuple


class Said(NamedTuple):
    """A text, and what becomes of it where the telephone numbers of `region` are known."""

    text: str
    left: str
    region: str = "DE"


REDACTED = [
    Said("Rufen Sie mich an: 030 1234567 oder +49 170 1234567!", "Rufen Sie mich an: [PHONE] oder [PHONE]!"),
    Said("Tel. (030) 123456, mobil 0171/1234567", "Tel. [PHONE], mobil [PHONE]"),
    Said("Rückruf am 03.04.2026 unter 0171 1234567", "Rückruf am 03.04.2026 unter [PHONE]"),
    Said("Call me on 020 7946 0958 after 10:15.", "Call me on [PHONE] after 10:15.", "GB"),
    Said("My cell is (415) 555-2671, thanks", "My cell is [PHONE], thanks", "US"),
    Said("Appelez-moi au 06 12 34 56 78 svp", "Appelez-moi au [PHONE] svp", "FR"),
    Said("Llámame al 612 34 56 78", "Llámame al [PHONE]", "ES"),
    Said("Chiamatemi: 02 1234 5678", "Chiamatemi: [PHONE]", "IT"),
    Said("Zadzwońcie 22 123 45 67", "Zadzwońcie [PHONE]", "PL"),
    Said("電話は03-1234-5678です", "電話は[PHONE]です", "JP"),
    Said("From abroad: 0033 6 12 34 56 78", "From abroad: [PHONE]"),
    Said("Schreiben Sie an ana.maria+shop@example.co.uk.", "Schreiben Sie an [EMAIL]."),
    Said("(o'brien@example.ie), <jürgen@bücher.example>", "([EMAIL]), <[EMAIL]>"),
    Said("mailto:ana@example.com?subject=x", "mailto:[EMAIL]?subject=x"),
    Said("请联系ana@example.com谢谢", "请联系[EMAIL]谢谢"),
    Said("пишите на анна@пример.рф", "пишите на [EMAIL]"),
    Said("Siehe https://shop.example/reset?mail=ana@example.com&t=1.", "Siehe [URL]."),
    Said("(voir www.exemple.fr/compte/4711), ftp://ana:pw@files.example", "(voir [URL]), [URL]"),
    Said("请看https://shop.example/订单/1", "请看[URL]"),
    Said("Karte 4111 1111 1111 1111, gültig bis 12/27", "Karte [CARD], gültig bis 12/27"),
    Said("4111-1111-1111-1111 or 4111111111111111", "[CARD] or [CARD]"),
    Said("my amex 3782 822463 10005 was charged twice", "my amex [CARD] was charged twice"),
    Said("Kunde 1234 4111 1111 1111 1111 99", "Kunde 1234 [CARD] 99"),
    Said("IBAN: DE89 3704 0044 0532 0130 00 bitte überweisen", "IBAN: [IBAN] bitte überweisen"),
    Said("de89370400440532013000.", "[IBAN]."),
    Said("GB29 NWBK 6016 1331 9268 19 is mine", "[IBAN] is mine"),
    Said("FR14 2004 1010 0505 0001 3M02 606", "[IBAN]"),
    Said("von 192.168.178.31 und 2001:db8::1 aus", "von [IP] und [IP] aus"),
    Said("::ffff:192.0.2.1, fe80::1:8080", "[IP], [IP]"),
]

KEPT = [
    Said("Bestellung 4501234567 vom 03.04.2026, 10:15 Uhr, kam nie an", ""),
    Said("Auftrag 2026-0417-8871 über 1.299,00 € (3 × 433,00 €)", ""),
    Said("ORD-12345678901, RMA#4711002233", ""),
    Said("Am 01.02.2026 bestellt, am 03.04.2026 10:15 noch nicht da", ""),
    Said("Zwischen 2026-11-24 und 2026-11-25T10:15:00Z passierte nichts", ""),
    Said("NPS 9/10, CSAT 4,5 von 5 und 5 4 3 2 5 5 4 3 2 1 5 4 3", ""),
    Said("Ich zahlte 12.345.678,90 EUR für 1.000.000 Stück, 19 % MwSt.", ""),
    Said("Version v1.2.3.4 stürzt ab, 10.15 Uhr, Raum 2.4.1", ""),
    Said("Karte 4111 1111 1111 1112 gibt es nicht", ""),
    Said("DE88 3704 0044 0532 0130 00 ist keine", ""),
    Said("C++ std::vector<int> a::b, um 10:15:30 Uhr, im Verhältnis 1:2:3", ""),
    Said("PLZ 10115 Berlin, Hausnummer 12-14, 3. Stock", ""),
    Said("Sendung 00340434161094042557 hängt fest", ""),
    Said("EAN 4006381333931, Artikel 88-1234-7", ""),
    Said("Order 114-3941689-8772232 arrived on 11/24/2026 at 10:15 am", "", "US"),
    Said("I paid $1,299.00 on 2026-11-24, 15% off, 2 of 3 items", "", "US"),
    Said("Two stars. 10 days late, 3rd time in 2026!", "", "GB"),
    Said("Ma commande n° 1002345 du 24/11/2026 à 10h15 coûtait 1 299,00 €", "", "FR"),
    Said("Mi pedido 100234 del 24/11/26 costó 1.299,00 €", "", "ES"),
    Said("Ordine 2026/1123 del 24.11.2026, voto 9 su 10", "", "IT"),
    Said("ana (at) example, @ana, a@b, 5@home", ""),
    Said("und/oder, z.B./usw., http://, www., OK.Danke", ""),
    Said("[EMAIL] und [PHONE] stehen schon so da", ""),
    Said("", ""),
]
