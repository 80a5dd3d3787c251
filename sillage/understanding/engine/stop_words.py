"""Words that say nothing of a subject, in French, English, Spanish, German and Italian, folded and without accents.

Written by hand: articles, pronouns, prepositions, auxiliaries, and what social networks add to every text. A word that is
one language's article and another's noun (“die”, “son”) is left out of topics in both: sets mix languages.
"""

from __future__ import annotations

FRENCH = """
afin ainsi alors apres assez aucun aucune aujourd aupres aura aurai auras aurait aussi autant autre autres aux avaient
avais avait avant avec avez avoir avons ayant beaucoup bien bon bonne bonjour car ceci cela celle celles celui cependant
certain certaine certains ces cet cette ceux chacun chaque chez chose choses comme comment contre dans deja depuis des
desormais deux devant dire dit dois doit doivent donc dont elle elles encore enfin entre est etaient etais etait etant
ete etes etre eux faire fais fait faites faut fois font hier hui ici ils jamais jour jours juste laquelle lequel les
lesquels leur leurs lors lorsque lui mais malgre meme memes merci mes mieux moi moins mon non nos notre nous nouveau
nouvelle ont oui par parce parmi pas pendant personne peu peut peuvent peux plus plusieurs pour pourquoi pouvez pouvoir
pres presque puis puisque quand que quel quelle quelles quelque quelques quels qui quoi rien sans sauf selon sera serait
seront ses seulement soient sois soit sommes son sont sous souvent suis sur surtout tant tel telle tellement tes toi ton
toujours tous tout toute toutes tres trop une vais vas vers veut veux via viens vient voici voila voir vont vos votre
vous vraiment vrai ca coucou hello salut moment aime aimes adore trouve crois pense sais sait gens truc trucs cest jai
quil quon nest
"""

ENGLISH = """
about above after again against all almost already also although always and another any anyone anything are aren around
back because been before being below best better between both but came can cannot cant come comes could couldn day days
did didn does doesn doing don done dont down during each either else enough even ever every everyone everything few
first for from further gave get gets getting give given goes going gone good got great had hadn happy has hasn have
haven having her here hers herself him himself his how however into isn its itself just keep know last least less let
like likes little lol look looking lot lots love loved made make makes making many may maybe might mine more most much
must myself need needs never new next nice nobody none nor not nothing now off often okay omg once one only other others
our ours ourselves out over own people please put quite rather real really right said same saw say saying says see seen
shall she should shouldn since some someone something soon still such sure take taking than thank thanks that thats the
their theirs them themselves then there these they thing things think this those though through time times today
tomorrow tonight too took two under until upon use used using very via wait want wanted wants was wasn way week well
went were weren what when where whether which while who whole whom whose why will with within without won work would
wouldn wow yeah year years yes yesterday yet you your yours yourself youre ive ill hey literally actually guys everybody
"""

SPANISH = """
ademas los las les por del uno sino cosas anos ano dias ayer noche tengas tienes llego creo espero ahi ahora algo
alguien algun alguna algunas alguno algunos alla alli ante antes aquel aquella aquellas aquello aquellos aqui asi aun
aunque bajo bastante bien buen buena bueno cada casi como con conmigo contigo contra cosa cual cuales cualquier cuando
cuanto cuenta dan dar debe decir demas demasiado desde despues dia dice dicho dijo donde dos durante ella ellas ellos
entonces entre era eran eres esa esas ese eso esos esta estaba estaban estado estamos estan estar estas este esto estos
estoy fue fueron fui gente gracias gran grande haber habia hace hacen hacer hacia han hasta hay haya hecho hola hoy hubo
igual incluso jaja jajaja mas mal manana mejor menos mis mismo misma mucha muchas mucho muchos muy nada nadie ningun
ninguna nos nosotros nuestra nuestro nueva nuevo nunca otra otras otro otros para parece parte pero poca poco podemos
poder porque pues puede pueden puedo que queda quien quienes quiere quiero sabe saber sea ser sera si sido siempre sin
sobre sois solo somos son soy sus tal tambien tan tanta tanto tener tengo tenia tiene tienen toda todas todavia todo
todos tras tres tus una unas unos usted ustedes vamos van veces ver verdad vez vida vosotros voy
"""

GERMAN = """
hab habs halt echt mag geh macht gehts mach sag find denke glaub kein klar genau eigentlich naturlich aber alle allem
allen aller alles als also andere anderen anderer anders auch auf aus bei beim bereits bin bis bist bitte damit danach
dann danke darf darum das dass dasselbe davon dazu dein deine deinem deinen deiner dem den denn der deren des deshalb
dessen die dies diese diesem diesen dieser dieses doch dort dran durch durfen eben ein eine einem einen einer eines
einfach einige einmal endlich erst erste etwas euch euer eure fur gab ganz ganze ganzen gar geben gegen gehen geht
gemacht gerade gern gerne gesagt gibt gut gute guten habe haben habt haha hallo hast hat hatte hatten heute hier hin
hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ins ist jede jedem jeden jeder jedes jemand jetzt jahr jahre
kann kannst keine keinen keiner komme kommen kommt konnen konnte lang lassen leben leider leute mache machen mal man
manche manchmal mehr mein meine meinem meinen meiner mich mir mit morgen muss mussen musste nach neben nein neue neuen
nicht nichts nie noch nun nur oder ohne schon schone sehr sehen sei seid sein seine seinem seinen seiner seit sich
sicher sie sieht sind sogar soll sollen sollte sondern sonst tag tage uber uhr ums und uns unser unsere unter viel viele
vielen vielleicht vom von vor wann war waren warst warum was weil weiter welche welcher wenn wer werde werden wie wieder
will willst wir wird wirklich wirst wissen woche wohl wollen wollte worden wurde wurden ware zeit zum zur zuruck zwar
zwei zwischen
"""

ITALIAN = """
sto dell all nell dall quest quell com facendo vado sarebbe sara stava proprio basta bisogno abbiamo abbia adesso agli
alla alle allo allora altra altre altri altro anche ancora anni anno appena aveva avere avete avevo bella bello bene
buon buona buongiorno casa caso che chi chiunque ciao cioe come comunque con contro cosa cose cosi cui dagli dai dal
dalla dalle dallo davvero degli dei del della delle dello dentro deve devo dici dice dire dopo dove due durante ecco era
erano eri essere fai fanno fare fatta fatto fin fino fra fuori gente gia giorni giorno gli grande grazie hai hanno
infatti insieme invece io loro lei lui ma mai male meglio meno mentre mia mie miei mio molta molte molti molto nei nel
nella nelle nello nessuno niente noi non nostra nostro nulla nuova nuovo ogni oggi oltre ora ore parte pero per perche
persone piu poco poi possiamo posso prima prossimo puo quale quali qualche qualcosa qualcuno quando quanta quanto quasi
quella quelle quelli quello questa queste questi questo quindi sai sei sempre sentire senza sia siamo siete sono sopra
sotto sta stai stanno stare stata stati stato sua sue sugli sui sul sulla sulle suo suoi tanta tante tanti tanto tra
troppo tua tue tuo tuoi tutta tutte tutti tutto una uno vedere verso via voi voglio volta volte vostra vostro vita vuoi
vuole
"""

NETWORKS = """
amp http https www com bio link links post posts comment comments story stories follow followers abonne abonnez
subscribe like likes share repost regram instagram instagood tiktok youtube facebook twitter fyp foryou foryoupage
pourtoi viral explore reels reel photo haha hahaha mdr ptdr lmao user nbsp quot gmail video videos
"""

# Friday is missing: it is black.
DAYS = """
monday tuesday wednesday thursday saturday sunday lundi mardi mercredi jeudi samedi dimanche lunes martes miercoles
jueves sabado domingo montag dienstag mittwoch donnerstag samstag sonntag lunedi martedi mercoledi giovedi sabato
domenica
"""

STOP_WORDS = frozenset(" ".join((FRENCH, ENGLISH, SPANISH, GERMAN, ITALIAN, NETWORKS, DAYS)).split())

# Topics count no word of one or two letters; where texts are quoted, these are to be left out too.
TINY = """
a ai al am an as at au aux be by ca ce ci da de di do du ed el en er es et eu go ha he ho i if il im in io is it j je l la
le li lo m ma me mi mo my n na ne ni no nu o of oh ok on or os ou pm qu re s sa se si so su sy t ta te ti to tu ua ue um un
up us va vi vs vu we wo y ya ye yo zu
"""
FUNCTION_WORDS = STOP_WORDS | frozenset(TINY.split())
