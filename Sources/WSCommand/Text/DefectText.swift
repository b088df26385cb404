import WSModelPeer
import WSRender

/// Describes the defects of the model peer for a terminal.
enum DefectText {
    /// A line for each defect.
    static var list: String {
        let rows =
            ModelDefect.allCases.map { [$0.rawValue, $0.summary] }
            + ProcessDefect.allCases.map { [$0.rawValue, $0.summary] }
        return TextStyle.table(rows).joined(separator: "\n") + "\n"
    }
}
