"""Attendance lists of our own making, as the tools write them, with what has to come out."""

# ruff: noqa: E501  (the lines are the tools')

ZOOM_WEBINAR = """"Attendee Report"
"Report Generated:","Dec 10, 2026 04:10 PM"
"Topic","Webinar ID","Actual Start Time","Actual Duration (minutes)","# Registered","# Cancelled","Unique Viewers"
"Sleep well, live","812 3456 7890","Dec 10, 2026 01:55 PM","52","4","0","3"
"Host Details,"
"Attended","User Name (Original Name)","Email","Join Time","Leave Time","Time in Session (minutes)","Is Guest"
"Yes","Harbour IT","host@harbour-it.example","Dec 10, 2026 01:55:02 PM","Dec 10, 2026 02:47:00 PM","52","No"
"Attendee Details,"
"Attended","User Name (Original Name)","First Name","Last Name","Email","Registration Time","Approval Status","Join Time","Leave Time","Time in Session (minutes)","Is Guest","Country/Region Name"
"Yes","Anna Meier","Anna","Meier","Anna@Firm.example","Dec 01, 2026 09:00:00 AM","approved","Dec 10, 2026 01:58:00 PM","Dec 10, 2026 02:20:00 PM","22","Yes","Switzerland"
"Yes","Anna Meier","Anna","Meier","anna@firm.example","Dec 01, 2026 09:00:00 AM","approved","Dec 10, 2026 02:22:00 PM","Dec 10, 2026 02:40:00 PM","18","Yes","Switzerland"
"No","Bea Huber","Bea","Huber","bea@firm.example","Dec 02, 2026 09:00:00 AM","approved","--","--","--","--",""
"Yes","iPhone","","","","--","--","Dec 10, 2026 02:10:00 PM","Dec 10, 2026 02:15:00 PM","5","Yes","Germany"
"""

ZOOM_MEETING = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 3456 7890,"Sleep well, live",12/10/2026 01:55:02 PM,12/10/2026 02:47:00 PM,host@harbour-it.example,52,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Carl (Carl Frei),carl@firm.example,12/10/2026 02:00:00 PM,12/10/2026 02:40:00 PM,40,Yes,No
"Dora Blum (dora@firm.example)",,12/10/2026 02:00:00 PM,12/10/2026 02:30:00 PM,30,Yes,No
"""

TEAMS = """1. Summary
Meeting title\tSleep well, live
Attended participants\t3
Start time\t12/10/26, 1:55:02 PM
End time\t12/10/26, 2:47:00 PM
Meeting duration\t51m 58s
Average attendance time\t33m

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Harbour IT\t12/10/26, 1:55:02 PM\t12/10/26, 2:47:00 PM\t51m 58s\thost@harbour-it.example\thost@harbour-it.example\tOrganizer
Anna Meier\t12/10/26, 1:58:00 PM\t12/10/26, 2:40:00 PM\t41m 5s\tanna@firm.example\tanna@firm.example\tAttendee
Bea Huber (Guest)\t12/10/26, 2:00:00 PM\t12/10/26, 3:02:30 PM\t1h 2m 30s\t\tbea@firm.example\tAttendee
Somebody\t12/10/26, 2:00:00 PM\t12/10/26, 2:04:00 PM\t4m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Anna Meier\t12/10/26, 1:58:00 PM\t12/10/26, 2:20:00 PM\t22m\tanna@firm.example\tAttendee
Anna Meier\t12/10/26, 2:22:00 PM\t12/10/26, 2:40:00 PM\t19m 5s\tanna@firm.example\tAttendee
"""

TEAMS_GERMAN = """1. Zusammenfassung
Titel der Besprechung\tRuhig schlafen
2. Teilnehmer
Name\tErste Teilnahme\tLetztes Verlassen\tDauer in Besprechung\tE-Mail\tTeilnehmer-ID (UPN)\tRolle
Zoë Müller\t10.12.26, 13:58:00\t10.12.26, 14:40:00\t41 Min. 5 Sek.\tzoe@firm.example\t\tTeilnehmer
"""

GOTO = """Attendee Report:,Sleep well live

General Information
Webinar Name,Webinar ID,Actual Start Date/Time,Duration,# Registered,# Attended
Sleep well live,123-456-789,"Dec 10, 2026 01:55 PM CET",52 minutes,3,2

Session Details
Attended,Last Name,First Name,Email Address,Interest Rating,Registration Date/Time,Join Time,Leave Time,Time in Session
Yes,Meier,Anna,anna@firm.example,71,"Dec 01, 2026 09:00 AM CET","Dec 10, 2026 01:58 PM CET","Dec 10, 2026 02:39 PM CET",41 minutes
Yes,Huber,Bea,bea@firm.example,64,"Dec 01, 2026 09:00 AM CET","Dec 10, 2026 01:58 PM CET","Dec 10, 2026 03:00 PM CET",1 hour 2 minutes
No,Frei,Carl,carl@firm.example,--,"Dec 01, 2026 09:00 AM CET",--,--,--
"""

ODD = """Name;Role;Join time;Leave time;Contact
Anna;Attendee;10.12.2026 14:00:00;10.12.2026 14:30:00;<anna@firm.example>
Bea;Attendee;10.12.2026 14:00:00;;bea@firm.example
"""

BOTH = {"anna@firm.example": 41, "bea@firm.example": 62}
HOST = {"host@harbour-it.example": 52}

# what it is, its bytes, the tool, minutes by address, how many rows are told
LISTS: tuple[tuple[str, bytes, str, dict[str, int], int], ...] = (
    ("zoom webinar", ZOOM_WEBINAR.encode("utf-8-sig"), "zoom", {**HOST, "anna@firm.example": 40}, 1),
    ("zoom meeting", ZOOM_MEETING.encode(), "zoom", {"carl@firm.example": 40, "dora@firm.example": 30}, 0),
    ("teams", TEAMS.encode("utf-16"), "teams", {**HOST, **BOTH} | {"bea@firm.example": 62}, 1),
    ("teams without its mark", TEAMS.encode("utf-16-le"), "teams", {**HOST, **BOTH}, 1),
    ("teams in German", TEAMS_GERMAN.encode("utf-16"), "teams", {"zoe@firm.example": 41}, 0),
    ("goto", GOTO.encode(), "goto", BOTH, 0),
    ("goto in Windows-1252", GOTO.replace("Anna", "Zoë").encode("cp1252"), "goto", BOTH, 0),
    ("by join and leave alone", ODD.encode(), "teams", {"anna@firm.example": 30, "bea@firm.example": 1}, 1),
)
