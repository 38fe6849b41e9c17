package exchange

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strings"
	"unique"

	"kith/internal/civil"
	"kith/internal/note"
)

// The columns of LinkedIn's files, by their names in the languages that it writes them
// in.
var (
	firstName   = []string{"First Name", "Vorname", "Prénom", "Nombre", "Nome", "Voornaam"}
	lastName    = []string{"Last Name", "Nachname", "Nom", "Nom de famille", "Apellidos", "Apellido", "Sobrenome", "Apelido", "Cognome", "Achternaam"}
	profileURL  = []string{"URL", "Profile URL", "Profil-URL", "URL du profil", "URL del perfil", "URL do perfil", "URL del profilo"}
	mailAddress = []string{
		"Email Address", "E-Mail-Adresse", "Adresse e-mail", "Dirección de correo electrónico", "Correo electrónico",
		"Endereço de e-mail", "E-mail", "Indirizzo email", "Indirizzo e-mail", "E-mailadres",
	}
	companyName = []string{"Company", "Unternehmen", "Firma", "Entreprise", "Société", "Empresa", "Azienda", "Società", "Bedrijf"}
	position    = []string{"Position", "Job Title", "Poste", "Fonction", "Cargo", "Puesto", "Posición", "Posizione", "Qualifica", "Functie", "Positie"}
	connectedOn = []string{
		"Connected On", "Verbunden am", "Vernetzt am", "Vernetzt seit", "Connecté le", "Connexion le", "En relation depuis", "Relation établie le",
		"Conectado el", "Fecha de conexión", "Conectado en", "Conectado em", "Conectou-se em", "Data da conexão",
		"Connesso il", "Collegato il", "Data del collegamento", "Verbonden op", "Connectie sinds", "Gekoppeld op",
	}
)

func isConnections(cells []string) bool {
	return column(cells, firstName...) >= 0 && column(cells, lastName...) >= 0 && column(cells, connectedOn...) >= 0
}

func isMessages(cells []string) bool {
	return column(cells, "CONVERSATION ID") >= 0 && column(cells, "FROM") >= 0 && column(cells, "DATE") >= 0
}

func isInvitations(cells []string) bool {
	return column(cells, "Direction") >= 0 && column(cells, "Sent At") >= 0 && column(cells, "From") >= 0
}

func isRecommendations(cells []string) bool {
	return column(cells, firstName...) >= 0 && column(cells, "Text") >= 0 && column(cells, "Creation Date") >= 0
}

func isEndorsements(cells []string) bool {
	return column(cells, "Skill Name") >= 0 && column(cells, "Endorsement Date") >= 0
}

func isProfile(cells []string) bool {
	return column(cells, "First Name") >= 0 && column(cells, "Headline") >= 0
}

// profile returns by what LinkedIn knows somebody: the last part of their page's
// address.
func profile(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	path := u.Path
	host := strings.ToLower(u.Host)
	if host == "" { // linkedin.com/in/ada
		host, path, _ = strings.Cut(strings.ToLower(path), "/")
	}
	if host != "linkedin.com" && !strings.HasSuffix(host, ".linkedin.com") {
		return ""
	}
	kind, name, ok := strings.Cut(strings.Trim(path, "/"), "/")
	if name, _, _ = strings.Cut(name, "/"); !ok || !strings.EqualFold(kind, "in") || name == "" {
		return ""
	}
	return "linkedin:" + strings.ToLower(name)
}

// linkedin reads the files of LinkedIn's archive that there are, each by its name in
// it: connections first, since they say who is who.
type linkedin struct {
	*Batch
	o      Options
	me     []string // what stands for you: a profile or a folded name
	byName map[string]*Person
	// origins are where the members of messages first stand, who are no connections.
	origins map[string]origin
}

// An origin is where somebody stands, and what stands there.
type origin struct {
	Place
	row string
}

func (r row) origin() origin { return origin{r.place(0), r.shown()} }

func (l *linkedin) isMe(id, name string) bool {
	return id != "" && slices.Contains(l.me, id) || name != "" && slices.Contains(l.me, note.Fold(name))
}

// who returns somebody of a file other than the connections.
func (l *linkedin) who(address, name string, from origin) *Person {
	id := profile(address)
	name = clean(name)
	if p := l.byName[note.Fold(name)]; p != nil && l.byKey[id] == nil && (id == "" || len(p.List("ids")) == 0) {
		if id != "" { // the connections do not always say it
			p.Add("ids", id)
			l.know(id, p)
		}
		return p
	}
	p, isNew := l.person(cmp.Or(id, "name:"+note.Fold(name)), name)
	if isNew {
		p.Guest, p.Place, p.Row = true, from.Place, from.row
		if id != "" {
			p.Add("ids", id)
			p.Label("links", "LinkedIn", pageOf(id))
		}
	}
	return p
}

func pageOf(id string) string {
	return "https://www.linkedin.com/in/" + url.PathEscape(strings.TrimPrefix(id, "linkedin:"))
}

func (l *linkedin) connections(t *table) {
	first, last, address := t.column(firstName...), t.column(lastName...), t.column(profileURL...)
	mail, company, role, on := t.column(mailAddress...), t.column(companyName...), t.column(position...), t.column(connectedOn...)
	names := map[string]int{}
	for r := range t.rows {
		name := clean(r.cell(first) + " " + r.cell(last))
		id := profile(r.cell(address))
		switch {
		case len(r.cells) < 3 && name != "" || len(r.cells) != len(t.header) && id == "":
			l.problem(r.place(0), "the row has %d columns and not %d", len(r.cells), len(t.header))
			continue
		case name == "" && id == "":
			l.leave("without a name")
			continue
		case name == "":
			name = nameOf(strings.TrimPrefix(id, "linkedin:"))
		}
		p, isNew := l.person(cmp.Or(id, "row:"+note.Fold(name)+r.cell(company)), name)
		if !isNew {
			continue
		}
		p.Place, p.Row = r.place(0), r.shown()
		if names[note.Fold(name)]++; names[note.Fold(name)] == 1 {
			l.byName[note.Fold(name)] = p
		} else {
			delete(l.byName, note.Fold(name))
		}
		p.Add("email", r.cell(mail))
		p.Set("company", r.cell(company))
		p.Set("role", r.cell(role))
		if id != "" {
			p.Label("links", "LinkedIn", pageOf(id))
			p.Add("ids", id)
		}
		if text := r.cell(on); text != "" {
			d, err := day(text)
			if err != nil {
				l.problem(r.place(on), "%q: %v", text, err)
			} else {
				p.Set("met", d.String())
			}
		}
	}
}

// nameOf makes a name of what stands in an address: ada-lovelace-1b2c3d.
func nameOf(text string) string {
	text = strings.NewReplacer("-", " ", "_", " ", ".", " ", "+", " ").Replace(text)
	var words []string
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsAny(word, "0123456789") && len(words) > 0 {
			continue
		}
		runes := []rune(word)
		words = append(words, strings.ToUpper(string(runes[0]))+string(runes[1:]))
	}
	return strings.Join(words, " ")
}

// A linkedinMessage holds on to nothing of its row, of which there may be many.
type linkedinMessage struct {
	people       []unique.Handle[member] // the sender first
	date         civil.Date
	subject      string
	conversation unique.Handle[string]
}

// A member is somebody as a message names them: the key is a profile, or a folded name.
type member struct{ key, name, address string }

func (m linkedinMessage) from() member { return m.people[0].Value() }

// member is what the message says of somebody, nothing if it does not name them.
func (m linkedinMessage) member(key string) member {
	for _, p := range m.people {
		if p.Value().key == key {
			return p.Value()
		}
	}
	return member{key: key}
}

// nobody is how LinkedIn calls somebody who left it.
func nobody(name string) bool { return name == "" || note.Fold(name) == "linkedin member" }

func (l *linkedin) messages(t *table) {
	col := func(name string) int { return t.column(name) }
	conversation, from, fromURL := col("CONVERSATION ID"), col("FROM"), col("SENDER PROFILE URL")
	to, toURLs, date := col("TO"), col("RECIPIENT PROFILE URLS"), col("DATE")
	subject, content, folder, draft := col("SUBJECT"), col("CONTENT"), col("FOLDER"), col("IS MESSAGE DRAFT")
	var list []linkedinMessage
	var first Place
	others := map[unique.Handle[string]]map[string]bool{} // of a conversation, who is in it
	for r := range t.rows {
		if len(r.cells) < 7 {
			l.problem(r.place(0), "the row has %d columns and not %d", len(r.cells), len(t.header))
			continue
		}
		box := strings.ToUpper(r.cell(folder))
		switch {
		case strings.Contains(box, "DRAFT") || isYes(r.cell(draft)):
			l.leave("drafts")
			continue
		case strings.Contains(box, "SPAM") || strings.Contains(note.Fold(r.cell(from)), "linkedin") || strings.Contains(r.cell(content), "spinmail-quill"):
			if !nobody(r.cell(from)) {
				l.leave("advertisements")
				continue
			}
		}
		if nobody(r.cell(from)) || nobody(r.cell(to)) && r.cell(toURLs) == "" {
			l.leave("messages of members who are gone")
			continue
		}
		d, err := day(r.cell(date))
		if err != nil {
			l.problem(r.place(date), "%q: %v", r.cell(date), err)
			continue
		}
		m := linkedinMessage{date: d, conversation: unique.Make(r.cell(conversation))}
		if len(list) == 0 {
			first = r.place(from)
		}
		if others[m.conversation] == nil {
			others[m.conversation] = map[string]bool{}
		}
		add := func(address, name string) {
			p := unique.Make(member{cmp.Or(profile(address), note.Fold(name)), clean(name), address})
			m.people = append(m.people, p)
			key := p.Value().key
			others[m.conversation][key] = true
			if _, ok := l.origins[key]; !ok && l.byKey[key] == nil && l.byName[key] == nil {
				l.origins[key] = r.origin()
			}
		}
		add(r.cell(fromURL), r.cell(from))
		addresses := strings.FieldsFunc(r.cell(toURLs), func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
		names := strings.Split(r.cell(to), ",")
		switch {
		case len(addresses) <= 1:
			add(strings.Join(addresses, ""), r.cell(to))
		default:
			for i, address := range addresses {
				name := ""
				if len(names) == len(addresses) {
					name = names[i]
				}
				add(address, name)
			}
		}
		text := clean(r.cell(subject))
		if text == "" {
			text = firstWords(withoutTags(r.cell(content)), 60)
		}
		m.subject = plain(text)
		list = append(list, m)
	}
	l.findMe(others)
	if len(l.me) == 0 {
		if len(list) > 0 {
			l.problem(first, "it cannot be told which of the two is you: say --me and your name")
		}
		return
	}
	l.conversations(list, others)
}

// findMe finds who you are, unless it is known: you are in every conversation.
func (l *linkedin) findMe(others map[unique.Handle[string]]map[string]bool) {
	if len(l.me) > 0 {
		return
	}
	count := map[string]int{}
	for _, in := range others {
		for key := range in {
			count[key]++
		}
	}
	var in []string
	for key, n := range count {
		if n == len(others) && l.byKey[key] == nil && l.byName[key] == nil {
			in = append(in, key)
		}
	}
	if len(in) == 1 {
		l.me = in
	}
}

// conversations makes one entry of what went one way in one conversation on one day.
func (l *linkedin) conversations(list []linkedinMessage, others map[unique.Handle[string]]map[string]bool) {
	slices.SortStableFunc(list, func(a, b linkedinMessage) int { return a.date.Compare(b.date) })
	type key struct {
		conversation unique.Handle[string]
		date         civil.Date
		mine         bool
	}
	seen := map[key]bool{}
	for _, m := range list {
		from := m.from()
		mine := l.isMe(from.key, from.name)
		k := key{m.conversation, m.date, mine}
		var group []string
		for who := range others[m.conversation] {
			if !l.isMe(who, m.member(who).name) {
				group = append(group, who)
			}
		}
		slices.Sort(group)
		if len(group) > 1 {
			k.mine = false
		}
		if seen[k] || len(group) == 0 {
			continue
		}
		person := func(who string) *Person {
			in := m.member(who)
			return l.who(in.address, cmp.Or(in.name, nameOf(strings.TrimPrefix(who, "linkedin:"))), l.origins[who])
		}
		e := Entry{Date: m.date, Kind: "linkedin", Direction: note.Outbound, Text: m.subject}
		with := group[0]
		switch {
		case len(group) > 1: // what was said among several is no word of one to the other
			e.Kind, e.Direction = "note", note.NoContact
			if !mine {
				with = from.key
			}
			for _, who := range group {
				if who != with && m.member(who).name != "" {
					e.Mentions = append(e.Mentions, person(who))
				}
			}
			e.Text = strings.TrimSpace("LinkedIn, among several: " + e.Text)
		case !mine:
			e.Direction = note.Inbound
			with = from.key
		case m.member(with).name == "" && len(m.people) == 2:
			with = m.people[1].Value().key
		}
		if nobody(cmp.Or(m.member(with).name, "?")) {
			l.leave("messages of members who are gone")
			continue
		}
		seen[k] = true
		p := person(with)
		p.Entries = append(p.Entries, e)
	}
}

// withoutTags is HTML as text.
func withoutTags(text string) string {
	for {
		start := strings.IndexByte(text, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '>')
		if end < 0 {
			break
		}
		text = text[:start] + " " + text[start+end+1:]
	}
	return html.UnescapeString(text)
}

func isYes(text string) bool {
	switch strings.ToLower(text) {
	case "yes", "true", "1", "y":
		return true
	}
	return false
}

func (l *linkedin) invitations(t *table) {
	from, to, sent, text := t.column("From"), t.column("To"), t.column("Sent At"), t.column("Message")
	direction, inviter, invitee := t.column("Direction"), t.column("inviterProfileUrl", "Inviter Profile URL"), t.column("inviteeProfileUrl", "Invitee Profile URL")
	for r := range t.rows {
		outgoing := strings.EqualFold(r.cell(direction), "OUTGOING")
		name, address := r.cell(from), r.cell(inviter)
		if outgoing {
			name, address = r.cell(to), r.cell(invitee)
		}
		if nobody(name) || r.cell(text) == "" {
			l.leave("invitations without a word")
			continue
		}
		d, err := day(r.cell(sent))
		if err != nil {
			l.problem(r.place(sent), "%q: %v", r.cell(sent), err)
			continue
		}
		e := Entry{Date: d, Kind: "linkedin", Direction: note.Inbound, Text: plain("invitation: " + firstWords(r.cell(text), 60))}
		if outgoing {
			e.Direction = note.Outbound
		}
		p := l.who(address, name, r.origin())
		p.Entries = append(p.Entries, e)
	}
}

// recommendations are help: you got it, or gave it.
func (l *linkedin) recommendations(t *table, mark, said string) {
	first, last, text, created, status := t.column(firstName...), t.column(lastName...), t.column("Text"), t.column("Creation Date"), t.column("Status")
	for r := range t.rows {
		name := clean(r.cell(first) + " " + r.cell(last))
		if name == "" || slices.Contains([]string{"pending", "draft", "deleted"}, strings.ToLower(r.cell(status))) {
			l.leave("recommendations that were never shown")
			continue
		}
		d, err := day(r.cell(created))
		if err != nil {
			l.problem(r.place(created), "%q: %v", r.cell(created), err)
			continue
		}
		p := l.who("", name, r.origin())
		p.Entries = append(p.Entries, Entry{Date: d, Kind: "note", Marks: []string{mark}, Text: plain(said + ": " + firstWords(r.cell(text), 80))})
	}
}

func (l *linkedin) endorsements(t *table) {
	on, skill := t.column("Endorsement Date"), t.column("Skill Name")
	first, last, address := t.column("Endorser First Name"), t.column("Endorser Last Name"), t.column("Endorser Public Url")
	type key struct {
		p *Person
		d civil.Date
	}
	at := map[key]int{}
	for r := range t.rows {
		name := clean(r.cell(first) + " " + r.cell(last))
		if name == "" && profile(r.cell(address)) == "" {
			l.leave("endorsements without a name")
			continue
		}
		d, err := day(r.cell(on))
		if err != nil {
			l.problem(r.place(on), "%q: %v", r.cell(on), err)
			continue
		}
		p := l.who(r.cell(address), cmp.Or(name, nameOf(strings.TrimPrefix(profile(r.cell(address)), "linkedin:"))), r.origin())
		k := key{p, d}
		if i, ok := at[k]; ok {
			p.Entries[i].Text += ", " + plain(r.cell(skill))
			continue
		}
		at[k] = len(p.Entries)
		p.Entries = append(p.Entries, Entry{Date: d, Kind: "note", Marks: []string{"got"}, Text: "endorsed you for " + plain(r.cell(skill))})
	}
}
