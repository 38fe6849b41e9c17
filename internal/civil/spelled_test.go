package civil_test

import (
	"testing"

	"kith/internal/civil"
)

func TestStamps(t *testing.T) {
	for _, text := range []string{
		"2026-05-02", "2026-05-02T10:00:00", "2026-05-02T10:00:00Z", "2026-05-02T10:00:00.000+02:00", "2026-05-02 10:00", "2026/05/02",
		"[[2026-05-02]]", "[[2026-05-02|that day]]", " 2026-05-02 ", "[[2026/05/02]]", "2026/05/02 9:30",
	} {
		if d, err := civil.ParseStamp(text); err != nil || d.String() != "2026-05-02" {
			t.Errorf("%q is %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "2026-05", "2026-05-02 at noon", "2026-05-32", "2026-05/02", "[[Ada]]", "2026-05-02Tnoon", "[[]]", "]]"} {
		if d, err := civil.ParseStamp(text); err == nil {
			t.Errorf("%q is %v, not an error", text, d)
		}
	}
	if y, err := civil.ParseYearly("1604-12-03"); err != nil || y.String() != "12-03" {
		t.Errorf("1604-12-03 is %v, %v", y, err)
	}
}

// A day that is spelled otherwise is known if it can be but one.
func TestSpelledDays(t *testing.T) {
	for text, want := range map[string]string{
		"1990-5-6": "1990-05-06", "19900506": "1990-05-06", "6.5.1990": "1990-05-06", "06. 05. 1990": "1990-05-06", "1990.05.06": "1990-05-06",
		"May 6": "05-06", "6 May": "05-06", "6. May 1990": "1990-05-06", "May 6th, 1990": "1990-05-06", "the 6th of May": "",
		"6th of may": "05-06", "14 March": "03-14", "Sept 1": "09-01", "6-May-1990": "1990-05-06", "25/12/1990": "1990-12-25",
		"12/25/1990": "1990-12-25", "31-12": "12-31", "5/5/1990": "1990-05-05", "29 Feb": "02-29", "24.12.": "12-24",
		"6/5/1990": "", "6-5": "", "1990": "", "1990-05": "", "1570-XX": "", "????-05-06": "", "30 Feb": "", "29.2.2023": "", "6/5/90": "",
		"May": "", "": "", "19901306": "", "spring": "", "13/13/1990": "", "6 May 1990 or so": "", "May 1990": "",
	} {
		got, ok := civil.Spelled(text)
		if !ok {
			got = civil.Yearly{}
		}
		if got.String() != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
