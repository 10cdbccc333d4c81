/// Something that a subject under test does not have, so that nothing about it can be judged: no fault of anybody's.
struct SubjectGap: Error {
    var what: String
    var why: String
}
