/// Something that an issuer under test does not have, so that nothing about it can be judged: no fault of anybody's.
struct IssuerGap: Error {
    var what: String
    var why: String
}
