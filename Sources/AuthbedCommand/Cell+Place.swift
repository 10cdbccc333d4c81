import Bed
import Judge
import Scenarios

extension Cell {
    /// The place that it is while checks are being proven.
    var place: ProofPlace { ProofPlace(scenario, scheme) }

    var parts: [String] { place.parts }

    var decided: [String] { place.decided }

    func decided(by part: String) -> [String] { place.decided(by: part) }
}

extension ActingDefects {
    func bendings(in cell: Cell) -> Bendings { bendings(in: cell.id) }

    func parts(_ defect: Defect, in cell: Cell) -> Set<String>? { parts(defect.id, in: cell.id) }
}
