package import MCP

/// JSON and identifiers are MCP's here; OAuth and Hummingbird have types of the same names.
package typealias JSONValue = MCP.JSONValue
typealias RequestID = MCP.RequestID
