package import Auth
package import OAuth
import Synchronization

/// Proves with each request that this client holds the key that its tokens are bound to (RFC 9449), and remembers the nonces
/// that its peers ask for, each for its own origin (section 8.2).
package final class DPoPSigner: Sendable {
    private let current = Mutex(DPoPKey())
    private let nonces = Mutex<[String: String]>([:])
    private let clock: ClientClock

    package init(clock: ClientClock) {
        self.clock = clock
    }

    package var key: DPoPKey { current.withLock { $0 } }

    /// Takes the key that tokens from before are bound to.
    /// - Parameter pem: As `key.pem` gave it.
    package func adopt(_ pem: Secret<String>) throws(ClientError) {
        guard let key = try? DPoPKey(pem: pem.reveal()) else { throw .local("the token cache holds a key that is none") }
        current.withLock { $0 = key }
    }

    /// Puts a new proof on a call, and the token it is for, where there is one.
    package func sign(_ call: inout HTTPCall, token: Secret<String>?) throws(ClientError) {
        let nonce = nonces.withLock { $0[call.address.origin] }
        do {
            call.fields["DPoP"] = try key.proof(
                method: call.method.rawValue, url: call.address.text, accessToken: token, nonce: nonce, at: clock.date())
        } catch {
            throw .local("a proof of possession cannot be made")
        }
        if let token { call.fields["Authorization"] = "DPoP \(token.reveal())" }
    }

    /// Learns the nonce of an answer, if it brings one.
    /// - Returns: Whether the call was refused for want of it, so that it is worth making again.
    package func learn(from answer: HTTPAnswer, to call: HTTPCall, error: String?) -> Bool {
        // Two of them: nobody can say which one is meant.
        let values = answer.fields.values("DPoP-Nonce")
        guard values.count == 1, let nonce = values.first, (1...512).contains(nonce.utf8.count),
            nonce.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        else { return false }
        nonces.withLock { $0[call.address.origin] = nonce }
        return error == "use_dpop_nonce"
    }
}
