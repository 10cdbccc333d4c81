import Auth
import Foundation
import OAuth

extension OAuthConfiguration {
    /// What proves to that issuer whose request it is, made for this one request.
    ///
    /// Files are read at each use, so that a replaced secret or key counts at once.
    func proof(for issuer: WebAddress, at now: Date) async throws(ClientError) -> TokenRequest.Proof {
        if let clientSecret { return .secret(try clientSecret.read()) }
        guard let keyFile else { return .certificate }
        guard let pem = try? String(contentsOfFile: keyFile, encoding: .utf8) else { throw .local("\(keyFile): cannot be read") }
        var key = try? await SigningKey(pem: pem, algorithm: .es256)
        if key == nil { key = try? await SigningKey(pem: pem, algorithm: .rs256) }
        guard let key, let text = try? ClientAssertion.make(clientID: clientID, audience: issuer.text, key: key, at: now) else {
            throw .local("\(keyFile): is not a P-256 or RSA private key in PEM")
        }
        return .assertion(Secret(text))
    }
}
