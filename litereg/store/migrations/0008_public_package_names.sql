-- Public packages in the order of their names, page by page.
CREATE INDEX registered_package_by_name ON registered_package(name);
