"""The words by which texts announce a value, or say that a number is none of ours, in the languages that reports come in.

All in small letters. Words of scripts that leave no blank between words are found within others.
"""

# ruff: noqa: RUF001 - the words stand in the letters of their languages
VEHICLE = (
    "reg,reg no,reg.,registration,number plate,licence plate,license plate,plate,plates,vrm,vrn,index mark,registered,"
    "registration number,vehicle registration,tag,tag number,kennzeichen,kfz-kennzeichen,autokennzeichen,nummernschild,"
    "immatriculation,immatriculé,immatriculée,immatriculés,plaque,plaque d'immatriculation,matrícula,matricula,placa,"
    "placas,patente,targa,targato,targata,kenteken,kentekenplaat,nummerplaat,tablica,tablice,tablice rejestracyjne,"
    "rejestracja,rejestracyjny,nr rejestracyjny,numer rejestracyjny,regnr,reg.nr,registreringsnummer,registreringsskylt,"
    "nummerskylt,nummerplade,skilt,bilskilt,kennemerke,rekisterinumero,rekisteritunnus,rekisterikilpi,rekkari,plaka,"
    "plakası,plakalı,biển số,biển số xe,biển kiểm soát,spz,rz,poznávací značka,rendszám,număr de înmatriculare,"
    "nr. înmatriculare,регистрационен номер,госномер,гос номер,гос. номер,номерной знак,номера,автомобильный номер,"
    "номерний знак,держномер,держ. номер,автомобільний номер,πινακίδα,πινακίδες,αριθμός κυκλοφορίας,αρ. κυκλοφορίας,"
    "رقم اللوحة,لوحة السيارة,لوحة,لوحات,رقم السيارة,לוחית רישוי,לוחית,מספר רכב,מספר רישוי,गाड़ी नंबर,गाड़ी संख्या,"
    "नंबर प्लेट,वाहन संख्या,वाहन नंबर,차량 번호,차량번호,번호판,车牌号,车牌,車牌,車牌號,车号,ナンバープレート,ナンバー,"
    "登録番号,車両番号,ทะเบียนรถ,ป้ายทะเบียน,เลขทะเบียน"
)
#: Of a bank's account, where the bare word could be one on any platform.
ACCOUNT_NUMBER = (
    "kontonummer,konto-nr,konto nr,kontonr,numéro de compte,n° de compte,compte n°,compte bancaire,número de cuenta,"
    "cuenta n.º,cuenta bancaria,número da conta,número de conta,conta n.º,conta bancária,numero di conto,conto n,"
    "conto corrente,rekeningnummer,rekening,bankrekening,numer konta,numer rachunku,nr konta,nr rachunku,rachunek,konto,"
    "bankkonto,tilinumero,pankkitili,tili,hesap numarası,hesap no,banka hesabı,số tài khoản,tài khoản,číslo účtu,"
    "bankszámlaszám,număr de cont,номер счёта,номер счета,счёт,счет,расчётный счёт,номер рахунку,рахунок,"
    "αριθμός λογαριασμού,λογαριασμός,رقم الحساب,الحساب,حساب بنكي,מספר חשבון,חשבון,חשבון בנק,खाता संख्या,खाता नंबर,खाता,"
    "계좌번호,계좌 번호,계좌,银行账号,银行帐号,账号,帐号,賬號,口座番号,口座,เลขที่บัญชี,เลขบัญชี,บัญชี"
)
DEVICE = (
    "android id,androidid,android_id,device id,deviceid,device_id,device identifier,udid,idfv,geräte-id,gerätekennung,"
    "geräteidentifikation,identifiant de l'appareil,id de l'appareil,identifiant d'appareil,id del dispositivo,"
    "identificador del dispositivo,id do dispositivo,identificador do dispositivo,identificativo del dispositivo,"
    "apparaat-id,toestel-id,id urządzenia,identyfikator urządzenia,enhets-id,enheds-id,laitetunnus,laitteen tunnus,"
    "cihaz kimliği,cihaz id,mã thiết bị,id thiết bị,идентификатор устройства,id устройства,ідентифікатор пристрою,"
    "id пристрою,αναγνωριστικό συσκευής,معرف الجهاز,رقم الجهاز,מזהה מכשיר,מזהה התקן,डिवाइस आईडी,기기 id,기기 아이디,"
    "设备id,设备编号,裝置id,端末id,デバイスid,รหัสอุปกรณ์"
)
SERIAL_NUMBER = (
    "serial,serial number,serial no,serial nr,s/n,serial_number,seriennummer,numéro de série,número de serie,número de série,"
    "numero di serie,serienummer,numer seryjny,sarjanumero,seri no,seri numarası,серийный номер,серійний номер"
)
USER_NAME = (
    "username,user name,usernames,user_name,screen name,screenname,nickname,nick,handle,gamer tag,gamertag name,alias,"
    "aka,login name,loginname,benutzername,nutzername,spitzname,nom d'utilisateur,nom d’utilisateur,pseudo,pseudonyme,"
    "identifiant,nombre de usuario,usuario,apodo,nome de usuário,nome de utilizador,utilizador,usuário,apelido,"
    "nome utente,soprannome,gebruikersnaam,bijnaam,nazwa użytkownika,nick,ksywa,användarnamn,smeknamn,brugernavn,"
    "brukernavn,kallenavn,käyttäjätunnus,käyttäjänimi,nimimerkki,kullanıcı adı,takma ad,rumuz,tên người dùng,biệt danh,"
    "tên đăng nhập,uživatelské jméno,přezdívka,felhasználónév,nume de utilizator,имя пользователя,ник,никнейм,логин,"
    "ім'я користувача,ім’я користувача,нік,нікнейм,логін,όνομα χρήστη,ψευδώνυμο,اسم المستخدم,اللقب,اسم مستعار,שם משתמש,"
    "כינוי,उपयोगकर्ता नाम,यूज़रनेम,यूजरनेम,사용자 이름,사용자명,닉네임,아이디,用户名,用戶名,昵称,暱稱,ユーザー名,"
    "ユーザ名,ニックネーム,ชื่อผู้ใช้,ชื่อเล่น"
)
DISPLAY_NAME = (
    "display name,displayname,displayed name,display_name,profile name,shown as,anzeigename,nom affiché,nombre visible,"
    "nombre para mostrar,nome visualizzato,nome de exibição,weergavenaam,nazwa wyświetlana,visningsnamn,visningsnavn,"
    "näyttönimi,görünen ad,tên hiển thị,отображаемое имя,відображуване ім'я,εμφανιζόμενο όνομα,الاسم الظاهر,שם תצוגה,"
    "प्रदर्शित नाम,표시 이름,显示名称,顯示名稱,表示名,ชื่อที่แสดง"
)
#: What is counted by a shop, an office or a carrier: never a telephone number.
NUMBERED = (
    "order,orders,invoice,isbn,issn,vat,tracking,parcel,sort code,imei,imsi,iccid,eur,gbp,usd,kunden,kundennummer,"
    "kundennr,bestellung,bestellnummer,bestellnr,auftrag,auftragsnummer,rechnung,rechnungsnummer,rechnungsnr,sendung,"
    "sendungsnummer,commande,facture,colis,suivi,pedido,encomenda,factura,fatura,ordine,fattura,spedizione,bestelling,"
    "bestelnummer,ordernummer,factuur,factuurnummer,zamówienie,zamówienia,faktura,faktury,przesyłka,beställning,"
    "beställningsnummer,fakturanummer,ordrenummer,ordre,tilaus,tilausnumero,lasku,laskun,laskunumero,sipariş,kargo,"
    "đơn hàng,mã đơn hàng,hóa đơn,vận đơn,objednávka,rendelés,comandă,заказ,заказа,накладная,счёт-фактура,счет-фактура,"
    "посылка,замовлення,накладна,παραγγελία,παραγγελίας,τιμολόγιο,τιμολογίου,الطلب,طلب,فاتورة,الفاتورة,הזמנה,חשבונית,"
    "ऑर्डर,बिल,चालान,주문,주문번호,청구서,송장,订单,订单号,訂單,发票,发票号,發票,单号,注文,注文番号,請求書,請求書番号,"
    "คำสั่งซื้อ,เลขที่สั่งซื้อ,ใบแจ้งหนี้,เลขที่ใบแจ้งหนี้"
)
#: Parts of a book or of a law, whose numbers have dots.
PARTS = (
    "abschnitt,kapitel,ziffer,absatz,section,sections,chapitre,sección,capítulo,apartado,secção,seção,sezione,capitolo,"
    "paragraaf,hoofdstuk,rozdział,punkt,ustęp,avsnitt,luku,kohta,bölüm,madde,mục,chương,điều,oddíl,kapitola,fejezet,"
    "secțiunea,раздел,глава,пункт,розділ,ενότητα,κεφάλαιο,القسم,الفصل,סעיף,פרק,अनुभाग,अध्याय,절,장,第,节,章节,章,節,"
    "หัวข้อ,บทที่,บท"
)
#: What stands between such a word and its number.
NUMBER_WORDS = (
    "no,no.,nr,nr.,number,num,num.,code,id,ref,n°,nº,n.º,№,#,numéro,número,numero,numer,nummer,numara,numarası,số,номер,"
    "номера,αριθμός,رقم,מספר,नंबर,संख्या,번호,号,號,番号,is,are,was,ist,est,es,é,è"
)


def _headings() -> dict[str, tuple[str, str]]:
    sorts = (
        ("imei", "", "imei,imei 1,imei 2,imei1,imei2,imei number,imei no,imeisv"),
        ("imsi", "", "imsi,imsi number"),
        ("vehicle", "", VEHICLE),
        ("bank_account", "account:", f"account number,account no,account no.,acct no,{ACCOUNT_NUMBER}"),
        ("device", "", DEVICE),
        ("device", "idfa:", "idfa"),
        ("device", "gaid:", "gaid,aaid,adid,google ad id"),
        ("handle", "", USER_NAME),
        ("display_name", "", DISPLAY_NAME),
        ("pgp", "", "pgp,pgp fingerprint,pgp key,gpg,gpg fingerprint,gpg key,openpgp fingerprint,key fingerprint,fingerprint"),
        ("hash", "pdq:", "pdq,pdq hash,pdqhash"),
        ("mac", "", "mac,mac address,wifi mac,bssid"),
        ("report_number", "ncmec:", "cybertip,cybertip number,cybertipline report,ncmec,ncmec report"),
    )  # fmt: skip
    return {word: (kind, prefix) for kind, prefix, words in sorts for word in words.split(",")}


#: What the heading of a column says of its cells: the kind, and what is put before the cell for it.
HEADINGS = _headings()
