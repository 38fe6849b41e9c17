// Package site turns the view of a journal on a day into the files of a web
// site: pages, the theme's style sheets and pictures, the journal's attachments
// (FORMAT.md, "The site").
//
// A [Site] lists its files without rendering any. A page is a small value that
// holds everything it is made of and that compares with ==, and its only method
// renders it: what is not in the value cannot get into the page, so a page whose
// value is the same as before need not be rendered again, and none is ever
// stale. [Site.Next] makes the site after a change and shares what it can with
// the last one.
//
// What many pages list, such as the people of a circle, is kept in an [index],
// whose lists are made anew when one of their members changed and never changed
// themselves: the pointer to a list stands for what is in it.
//
// The pages of one family are one file: today.go, contact.go, journal.go and so
// on, each with the view model that its template sees. The templates are in
// package kith/templates, which documents these view models for those who write
// their own; [Theme] puts them together.
package site
