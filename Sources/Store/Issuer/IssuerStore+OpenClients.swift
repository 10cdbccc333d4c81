package import Foundation
import GRDB

extension IssuerStore {
    /// Forgets a few clients that came by themselves before a moment, and that no user has anything to do with: anybody can make
    /// as many of them as he likes. One that the operator disabled stays, and stays disabled.
    ///
    /// - Returns: How many.
    package func forgetUnusedClients(before moment: Date) async throws -> Int {
        try await write { db in
            let unused = try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM client WHERE origin <> 'registered' AND disabled_at IS NULL AND created_at < ?
                        AND NOT EXISTS (SELECT 1 FROM consent WHERE client_id = client.id)
                        AND NOT EXISTS (SELECT 1 FROM user_grant WHERE client_id = client.id)
                        AND NOT EXISTS (SELECT 1 FROM code WHERE client_id = client.id)
                    ORDER BY created_at LIMIT 8
                    """,
                arguments: [moment.timeIntervalSince1970])
            for id in unused {
                try db.execute(sql: "DELETE FROM client_secret WHERE client_id = ?", arguments: [id])
                try db.execute(sql: "DELETE FROM client WHERE id = ?", arguments: [id])
            }
            return unused.count
        }
    }
}
