"""Starting and stopping: what every program pays."""
