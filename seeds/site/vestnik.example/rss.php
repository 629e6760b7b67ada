<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>Вестник</title>
<link>http://vestnik.example/</link>
<description>Все новости</description>
<language>ru</language>
<item>
<title><![CDATA[Шольц позвонил Путину впервые за два года]]></title>
<link>http://vestnik.example/politics/2024/11/15/scholz.html</link>
<guid isPermaLink="false">vestnik.example-214115898</guid>
<pubDate>Fri, 15 Nov 2024 20:10:00 +0300</pubDate>
<description><![CDATA[<p>Канцлер ФРГ Олаф Шольц в пятницу около часа разговаривал по телефону с Владимиром Путиным. Звонок, о котором…</p>]]></description>
</item>
<item>
<title><![CDATA[Красного телефона не существует: как соединяют президентов]]></title>
<link>http://vestnik.example/longread/krasny-telefon.html</link>
<guid isPermaLink="false">vestnik.example-598325394</guid>
<description><![CDATA[<p>В кино глава государства снимает трубку, и на другом конце провода тут же отвечает другой глава государства.…</p>]]></description>
</item>
<item>
<title><![CDATA[Путин и Макрон встретятся в Казани 14 октября]]></title>
<link>http://vestnik.example/politics/2021/09/22/kazan.html</link>
<guid isPermaLink="false">vestnik.example-2234475483</guid>
<pubDate>Wed, 22 Sep 2021 15:50:00 +0300</pubDate>
<description><![CDATA[<p>Столица Татарстана готовится к приезду двух президентов. Эммануэль Макрон прибудет в Казань 14 октября, и в…</p>]]></description>
</item>
<item>
<title><![CDATA[Макрон и Путин два часа говорили по видеосвязи]]></title>
<link>http://vestnik.example/politics/2020/06/26/videosammit.html</link>
<guid isPermaLink="false">vestnik.example-3528752548</guid>
<pubDate>Fri, 26 Jun 2020 21:30:00 +0300</pubDate>
<description><![CDATA[<p>Пандемия заставила дипломатию пересесть к мониторам. В пятницу вместо личной встречи лидеры России и Франции…</p>]]></description>
</item>
<item>
<title><![CDATA[Ушаков рассказал, о чём Путин и Макрон будут говорить у моря]]></title>
<link>http://vestnik.example/politics/2019/08/16/bregancon.html</link>
<guid isPermaLink="false">vestnik.example-833817685</guid>
<pubDate>Fri, 16 Aug 2019 14:05:00 +0300</pubDate>
<description><![CDATA[<p>В понедельник, 19 августа, Владимир Путин отправится на юг Франции: в летней резиденции Брегансон его примет…</p>]]></description>
</item>
<item>
<title><![CDATA[Версаль: три часа с Макроном]]></title>
<link>http://vestnik.example/archive/2017/0530-versal.html</link>
<guid isPermaLink="false">vestnik.example-2768223174</guid>
<pubDate>Tue, 30 May 2017 09:15:00 +0300</pubDate>
<description><![CDATA[<p>Из Парижа Владимир Путин вернулся за полночь. Накануне он провёл в Версале переговоры с Эммануэлем Макроном —…</p>]]></description>
</item>
<item>
<title><![CDATA[Путин принял в Кремле Марин Ле Пен]]></title>
<link>http://vestnik.example/politics/2017/03/24/le-pen.html</link>
<guid isPermaLink="false">vestnik.example-2912739324</guid>
<pubDate>Fri, 24 Mar 2017 16:30:00 +0300</pubDate>
<description><![CDATA[<p>За месяц до первого тура французских выборов кандидат крайне правых Марин Ле Пен побывала в Москве. После…</p>]]></description>
</item>
</channel>
</rss>
