import Auth
package import Foundation
import GRDB
import OAuth

extension IssuerStore {
    /// Remembers a code that is about to be given out, and forgets a few that nobody could redeem any more.
    package func addCode(_ code: CodeRecord) async throws {
        try await write { db in
            try Self.forgetCodes(db, at: code.issuedAt)
            try db.cachedStatement(
                sql: """
                    INSERT INTO code (hash, client_id, user, redirect_uri, challenge, scopes, audience, key_thumbprint, issued_at,
                        expires_at, redeemed_at, grant_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                Data(code.hash), code.clientID, code.user, code.redirectURI, code.challenge, code.scopes.description, code.audience,
                code.keyThumbprint, code.issuedAt.timeIntervalSince1970, code.expiresAt.timeIntervalSince1970,
                code.redeemedAt?.timeIntervalSince1970, code.grantID,
            ])
        }
    }

    /// The code with that SHA-256; nil: it was never given out, or is long over.
    package func code(hash: [UInt8]) async throws -> CodeRecord? {
        try await read { try Self.fetchCode($0, hash) }
    }

    /// What a code is redeemed for.
    package struct Redemption: Sendable {
        package var grant: GrantRecord
        package var access: TokenRecord
        /// nil: the client gets none.
        package var refresh: RefreshTokenRecord?

        package init(grant: GrantRecord, access: TokenRecord, refresh: RefreshTokenRecord?) {
            self.grant = grant
            self.access = access
            self.refresh = refresh
        }
    }

    /// Redeems a code, in one transaction with everything it is redeemed for.
    ///
    /// - Parameter decide: What becomes of the code as it stands then.
    /// - Returns: What became of it; `refuse` also where there is no such code any more.
    package func redeem(
        code hash: [UInt8], for redemption: Redemption, now: Date, deciding decide: @escaping @Sendable (CodeRecord) -> CodeUse
    ) async throws -> CodeUse {
        try await write { db in
            guard let code = try Self.fetchCode(db, hash) else { return .refuse }
            let use = decide(code)
            switch use {
            case .redeem:
                try Self.insert(db, redemption.grant)
                try Self.insert(db, redemption.access)
                if let refresh = redemption.refresh { try Self.insert(db, refresh) }
                try db.cachedStatement(sql: "UPDATE code SET redeemed_at = ?, grant_id = ? WHERE hash = ?")
                    .execute(arguments: [now.timeIntervalSince1970, redemption.grant.id, Data(hash)])
            case .revoke:
                if let grant = code.grantID { _ = try Self.revoke(db, grant: grant, at: now) }
            case .refuse: break
            }
            return use
        }
    }

    private static func fetchCode(_ db: Database, _ hash: [UInt8]) throws -> CodeRecord? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM code WHERE hash = ?"), arguments: [Data(hash)]).map { CodeRecord(row: $0) }
    }

    private static func forgetCodes(_ db: Database, at now: Date) throws {
        try db.cachedStatement(
            sql: "DELETE FROM code WHERE hash IN (SELECT hash FROM code WHERE expires_at < ? ORDER BY expires_at LIMIT 4)"
        ).execute(arguments: [now.timeIntervalSince1970 - memoryAfterExpiry])
    }
}
