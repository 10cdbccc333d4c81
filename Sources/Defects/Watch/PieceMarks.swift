import Auth

/// Knows which pieces of an assembly somebody still builds on after a bend: each was put into a mark, which lasts as long as whoever
/// asks it.
final class PieceMarks {
    /// A piece, for another one of its kind to ask in its place.
    final class Marked<Piece: Sendable>: Sendable {
        let piece: Piece

        fileprivate init(_ piece: Piece) { self.piece = piece }
    }

    private struct Weak {
        weak var mark: AnyObject?
    }

    private var marks: [String: Weak] = [:]

    func mark<Piece>(_ name: String, _ piece: Piece) -> Marked<Piece> {
        let mark = Marked(piece)
        marks[name] = Weak(mark: mark)
        return mark
    }

    /// The same list, each check in a mark.
    func mark<Evidence>(_ name: String, _ list: Verifier<Evidence>) -> Verifier<Evidence> {
        Verifier(
            list.checks.map { check in
                Check(check.name) { [marked = mark("\(name).\(check.name)", check)] evidence, now in
                    await marked.piece(&evidence, at: now)
                }
            })
    }

    /// How a member was bent: a value of which nothing was marked is changed in part.
    func bending(of member: String) -> Bending { isKept(member) ? .wraps : .replaces }

    /// How the checks of a list were bent that are other ones in the second list, or missing from it.
    ///
    /// - Parameter changed: Their names; nil where the list is another one altogether.
    func bendings<Evidence>(
        of name: String, _ right: Verifier<Evidence>, _ bent: Verifier<Evidence>, _ changed: Set<String>?
    ) -> [String: Bending] {
        let left = Set(bent.checks.map(\.name))
        return Dictionary(
            uniqueKeysWithValues: (changed ?? Set(right.checks.map(\.name))).map { check in
                let piece = "\(name).\(check)"
                guard changed != nil, left.contains(check) else { return (piece, .drops) }
                return (piece, isKept(piece) ? .wraps : .replaces)
            })
    }

    private func isKept(_ name: String) -> Bool { marks[name].map { $0.mark != nil } ?? true }
}
