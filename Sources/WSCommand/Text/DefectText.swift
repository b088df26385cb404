import WSConform
import WSModelPeer
import WSRender

/// Describes the defects of the model peer for a terminal.
enum DefectText {
    /// A line for each defect that the model client can have.
    static var listOfClients: String {
        TextStyle.table(EmbeddedClientDefects.all.map { [$0.name, $0.summary] }).joined(separator: "\n") + "\n"
    }

    /// A line for each defect of the model server.
    static var list: String {
        let rows =
            ModelDefect.allCases.map { [$0.rawValue, $0.summary] }
            + ProcessDefect.allCases.map { [$0.rawValue, $0.summary] }
        return TextStyle.table(rows).joined(separator: "\n") + "\n"
    }
}
