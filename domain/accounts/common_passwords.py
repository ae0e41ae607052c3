"""Passwords that are tried first, in small letters. Shorter ones than eight need no listing."""

_LISTED = """
    password password1 password12 password123 password1234 password! password1! password123!
    passw0rd passw0rd1 p@ssword p@ssw0rd p@ssw0rd1 p@$$w0rd pa$$word pa$$w0rd passwort passwort1
    passwort123 motdepasse contraseña contrasena wachtwoord mypassword newpassword thepassword
    passpass passpass1 passwordpassword password2 password3 password7 password11 password99
    password2024 password2025 password2026 drowssap letmein1 letmein12 letmein123 letmeinnow
    letmein! welcome1 welcome12 welcome123 welcome1! welcome2024 welcome2025 welcome2026 willkommen
    changeme changeme1 changeme123 changeit default1 temp1234 temppass test1234 testtest testing1
    testing123 tester123 guest123 guest1234 demo1234 demodemo example1 sample123 secret123
    secretsecret topsecret trustno1 trustnoone nopassword whatever whatever1 whocares idontknow
    dontknow iforgot1 forgetit 12345678 123456789 1234567890 12345678910 123456789a 123456789q
    1234567891 0123456789 01234567 012345678 87654321 987654321 9876543210 0987654321 11111111
    111111111 1111111111 00000000 000000000 0000000000 22222222 33333333 44444444 55555555 66666666
    77777777 88888888 888888888 99999999 999999999 12341234 123123123 123123123123 12121212
    1212121212 10101010 101010101 11223344 112233445566 1122334455 11112222 12344321 123454321
    1234554321 12345679 123456780 123456788 14725836 147258369 147852369 159753456 159357456
    13131313 13579246 1357924680 24681012 246813579 19871987 20002000 20102010 20202020 20242024
    20252025 20262026 31415926 314159265 789456123 741852963 963852741 456456456 789789789 321321321
    100200300 55555555555 1234qwer 12345qwert 1234abcd abcd1234 abc12345 abc123456 abcdefgh
    abcdefghi abcdefg1 abcdefg123 abcabcabc abc123abc a1b2c3d4 a1b2c3d4e5 a1234567 a12345678
    a123456789 aa123456 aa12345678 aaa11111 aaaaaaaa aaaaaaaaa aaaaaaaaaa abababab zzzzzzzz xxxxxxxx
    xxxxxxxxx qqqqqqqq asdfasdf asdf1234 asdfghjk asdfghjkl asdfghjkl1 asdfqwer asd123456 asdasdasd
    asdasd123 qwertyui qwertyuiop qwertyuiop1 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456
    qwerty123! qwertz123 qwertzui qwertzuiop azertyui azertyuiop azerty123 qwertyqwerty qwerqwer
    qwer1234 qweasdzxc qweasd123 qwe123456 qweqweqwe q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 zaq12wsx zaq1zaq1 zaq1xsw2 zxcvbnm1
    zxcvbnm123 zxcvbnmm zxcvzxcv zxcv1234 zxcasdqwe qazwsxedc qazwsx123 qazxswedc q123456789
    w123456789 s12345678 z123456789 1password 1234567a 12345678a 12345678q 123qweasd 123qweasdzxc
    123abc123 123456abc 123456qwerty 123456as 123456aa 1a2b3c4d !qaz2wsx !qaz@wsx admin123 admin1234
    admin12345 admin123456 adminadmin admin@123 admin123! administrator administrator1 root1234
    rootroot toor1234 superuser sysadmin master123 masterkey mastermaster manager1 operator service1
    support1 security server123 oracle123 postgres postgres1 mysql123 database raspberry raspberrypi
    ubuntu123 cisco123 linksys1 internet internet1 computer computer1 computer123 samsung1
    samsung123 nokia123 microsoft windows1 google123 facebook facebook1 instagram linkedin myspace1
    whatsapp youtube1 twitter1 netflix1 netflix123 netflixpassword disney123 disneyplus disneyplus1
    hbomax123 primevideo spotify1 streaming streaming1 streaming123 streamingstack watchlist
    watchlist1 television moviestar movienight popcorn1 iloveyou iloveyou1 iloveyou2 iloveyou12
    iloveyou123 iloveyou! iloveu12 iloveme1 ilovegod ilovejesus jesus123 jesuschrist godisgood
    iamthebest lovelove lovelove1 loveyou1 lovers12 loverboy loveme123 mylove123 sunshine sunshine1
    sunshine123 princess princess1 princess12 princess123 princesa football football1 football12
    football123 baseball baseball1 baseball123 basketball basketball1 softball1 volleyball soccer12
    soccer123 hockey12 superman superman1 superman123 batman123 spiderman spiderman1 ironman1
    starwars starwars1 startrek startrek1 pokemon1 pokemon123 pikachu1 naruto123 minecraft
    minecraft1 fortnite fortnite1 roblox123 callofduty assassin1 warcraft gamecube playstation
    nintendo michael1 michael123 michelle michelle1 jennifer jennifer1 jessica1 jessica123 jonathan
    jonathan1 christopher christian christian1 christine benjamin benjamin1 nicholas nicholas1
    nicole123 samantha samantha1 elizabeth elizabeth1 stephanie stephanie1 alexander alexander1
    alexandra alexandre alejandro alejandra anthony1 andrew123 daniel123 danielle danielle1
    ashley123 amanda123 brandon1 charlie1 charlie123 charlotte gabriela gabriele francesco fernando
    fernanda victoria victoria1 veronica valentina vanessa1 patricia patrick1 matthew1 maverick
    maverick1 mustang1 madison1 isabella sebastian thomas123 william1 robert123 richard1 jordan23
    jordan123 george123 katherine kimberly liverpool liverpool1 chelsea1 chelsea123 arsenal1
    arsenal123 manchester manunited barcelona barcelona1 realmadrid juventus bayern123 borussia
    corvette corvette1 mercedes mercedes1 porsche1 ferrari1 harley123 yamaha123 hamilton redskins
    steelers steelers1 cowboys1 yankees1 lakers24 patriots dolphins broncos1 chocolate chocolate1
    cheese123 cookies1 strawberry blueberry pineapple butterfly butterfly1 babygirl babygirl1
    babyboy1 rainbow1 rainbows unicorn1 dragon12 dragon123 dragonball tigger12 monkey12 monkey123
    shadow12 shadow123 pepper123 ginger123 buster123 snoopy12 elephant dolphin1 panther1 kittycat
    hellokitty hello123 hello1234 hellohello helloworld hello123! goodluck blessing blessed1
    lucky123 friends1 friends123 forever1 forever21 freedom1 happy123 happiness beautiful beautiful1
    handsome cutiepie sweetheart sweetpea honeybee darkness midnight moonlight starlight summer12
    summer123 summer2024 summer2025 summer2026 winter123 winter2024 winter2025 winter2026 spring2025
    spring2026 autumn2025 november december september birthday birthday1 garfield snowball scorpion
    scooter1 einstein metallica nirvana1 slipknot eminem123 rockstar rockstar1 guitar123 blink182
    greenday maradona ronaldo7 ronaldinho cristiano messi123 undertaker gangster gangsta1 blahblah
    money123 dollars1 bitcoin1 business consumer champion champions colombia colombia1 australia
    california newyork1 brooklyn germany1 deutschland brasil123 argentina portugal scotland icecream
    snickers babydoll angel123 angelina angels12 precious precious1 qwertyu1 zxcvbnm, 1234567890-
    123456789.
"""

COMMON_PASSWORDS = frozenset(_LISTED.split())
