package import Auth

/// A key that was just made: the only time that its text exists outside its owner.
package struct IssuedAPIKey: Sendable {
    package let key: APIKey
    package let record: APIKeyRecord
}

/// What a rotation did.
package struct RotatedAPIKey: Sendable {
    package let issued: IssuedAPIKey
    /// The old key as it stands now: it ends with the overlap.
    package let replaced: APIKeyRecord
}
